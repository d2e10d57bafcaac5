package dev.jumbo.tensor;

import dev.jumbo.files.Sha256;
import java.security.MessageDigest;
import java.util.List;

/** SHA-256 over the values of tensors: equal if, and for all practical purposes only if, every bit of every value is. */
public final class Checksum {
    private static final long CHUNK_BYTES = 1L << 24;

    private Checksum() {}

    /** Of the bytes of all tensors one after the other, each in row-major order, in hexadecimal. */
    public static String sha256(List<Tensor> tensors) {
        MessageDigest digest = Sha256.digest();
        for (Tensor tensor : tensors) {
            try (Scope scope = Scope.open()) {
                Tensor plain = Tensor.wrap(tensor.handle().detach().cpu().contiguous());
                long bytes = plain.elements() * plain.dtype().bytes();
                for (long at = 0; at < bytes; at += CHUNK_BYTES) {
                    digest.update(Safetensors.memory(plain, at, (int) Math.min(CHUNK_BYTES, bytes - at)));
                }
            }
        }
        return Sha256.hex(digest);
    }
}

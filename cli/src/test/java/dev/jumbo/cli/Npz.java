package dev.jumbo.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes arrays as numpy's {@code savez} does: format 1.0, little endian. */
final class Npz {
    private final Map<String, byte[]> arrays = new LinkedHashMap<>();

    /** @param values float[], long[], byte[] (uint8) or boolean[] */
    Npz with(String name, Object values, int... shape) {
        String type = values instanceof float[]
                ? "<f4"
                : values instanceof long[] ? "<i8" : values instanceof byte[] ? "|u1" : "|b1";
        String sizes = Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", "));
        StringBuilder header = new StringBuilder("{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + sizes
                + (shape.length == 1 ? ",)" : ")") + ", }");
        while ((10 + header.length() + 1) % 64 != 0) {
            header.append(' ');
        }
        header.append('\n');
        int count = Array.getLength(values);
        ByteBuffer out = ByteBuffer.allocate(10 + header.length() + count * 8).order(ByteOrder.LITTLE_ENDIAN);
        out.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0);
        out.putShort((short) header.length()).put(header.toString().getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < count; i++) {
            if (values instanceof float[] floats) {
                out.putFloat(floats[i]);
            } else if (values instanceof long[] longs) {
                out.putLong(longs[i]);
            } else if (values instanceof byte[] bytes) {
                out.put(bytes[i]);
            } else {
                out.put((byte) (((boolean[]) values)[i] ? 1 : 0));
            }
        }
        arrays.put(name, Arrays.copyOf(out.array(), out.position()));
        return this;
    }

    Path write(Path file) throws IOException {
        try (OutputStream to = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(to)) {
            for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
                zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
                zip.write(array.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }
}

package dev.jumbo.text.dataset;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;

/** What a stream of files is known by. */
final class StreamFingerprint {
    private StreamFingerprint() {}

    /** Names and sizes: hashing what may not fit in memory would cost too much. */
    static String of(List<Path> files) {
        MessageDigest sha = Sha256.digest();
        for (Path file : files) {
            try {
                String line = file.getFileName() + " " + Files.size(file) + "\n";
                sha.update(line.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new FailureException("cannot read the size of " + file + ": " + IoProblem.of(e), e);
            }
        }
        return "names and sizes " + Sha256.hex(sha);
    }
}

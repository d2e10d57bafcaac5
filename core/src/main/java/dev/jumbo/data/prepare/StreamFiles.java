package dev.jumbo.data.prepare;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.NamedFiles;
import dev.jumbo.files.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The files of a stream. */
final class StreamFiles {
    private StreamFiles() {}

    /**
     * Those of paths and patterns, of each pattern by name.
     *
     * @param dir from which paths are seen; null: the current directory
     * @throws InputException if one is not there, or nothing matches
     */
    static List<Path> of(List<String> patterns, @Nullable Path dir) {
        List<Path> files = new ArrayList<>();
        for (String pattern : patterns) {
            int name = pattern.lastIndexOf('/') + 1;
            if (!NamedFiles.isPattern(pattern.substring(name))) {
                files.add(existing(NamedFiles.at(dir, pattern, "stream")));
                continue;
            }
            Path folder = NamedFiles.at(dir, pattern.substring(0, name), "stream");
            List<Path> found = NamedFiles.matching(folder, pattern.substring(name), "stream");
            if (found.isEmpty()) {
                throw new InputException("stream: expected files that match " + pattern + " in "
                        + folder.toAbsolutePath() + ", received none");
            }
            files.addAll(found);
        }
        return files;
    }

    private static Path existing(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InputException("stream: expected the file " + file.toAbsolutePath() + ", received none");
        }
        return file;
    }

    /** Names and sizes: hashing what may not fit on a disk of this machine would cost too much. */
    static String fingerprint(List<Path> files) {
        MessageDigest sha = Sha256.digest();
        for (Path file : files) {
            try {
                String line = file.getFileName() + " " + Files.size(file) + "\n";
                sha.update(line.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new FailureException("expected to read the size of " + file, e);
            }
        }
        return "names and sizes " + Sha256.hex(sha);
    }
}

package dev.jumbo.data.shards;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the files of a set are those of its manifest. Lengths are checked at every opening. Hashes are computed once,
 * since a terabyte takes a quarter of an hour: the file {@code .verified} beside the manifest then says for which
 * manifest, lengths and times of change they were right, and where all of these are the same, they are not computed
 * again. In a directory that cannot be written they are computed each time. Removing the file asks for it.
 */
final class Verification {
    private static final Logger LOG = LoggerFactory.getLogger(Verification.class);
    private static final String MARKER = ".verified";

    private Verification() {}

    /** @throws InputException naming the first file that is missing or has another length or hash */
    static void check(Path dir, List<ShardFile> files) {
        files.forEach(file -> Manifests.requireLength(dir, file));
        String state = state(dir, files);
        if (state.equals(known(dir))) {
            return;
        }
        files.parallelStream().forEach(file -> requireHash(dir, file));
        try {
            Durable.writeOrFail(dir.resolve(MARKER), state);
        } catch (FailureException e) {
            LOG.info("the hashes of {} are right, but will be computed again next time: {}", dir, e.getMessage());
        }
    }

    private static void requireHash(Path dir, ShardFile expected) {
        String sha256 = Manifests.sha256(dir.resolve(expected.name()));
        if (!sha256.equals(expected.sha256())) {
            throw new InputException("the shard " + dir.resolve(expected.name()) + " is damaged: expected SHA-256 "
                    + expected.sha256() + ", received " + sha256 + "; copy or make it again");
        }
    }

    private static String state(Path dir, List<ShardFile> files) {
        StringBuilder state = new StringBuilder("hashes of ")
                .append(Manifests.sha256(dir.resolve(Manifests.NAME)))
                .append(" were right for\n");
        for (ShardFile file : files) {
            state.append(file.name())
                    .append(' ')
                    .append(file.bytes())
                    .append(' ')
                    .append(changed(dir.resolve(file.name())))
                    .append('\n');
        }
        return state.toString();
    }

    private static FileTime changed(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e, e);
        }
    }

    private static String known(Path dir) {
        try {
            return Files.readString(dir.resolve(MARKER));
        } catch (IOException e) {
            return ""; // Not there, or not readable: nothing is known.
        }
    }
}

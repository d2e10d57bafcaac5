package dev.jumbo.train.checkpoint;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.files.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What {@code manifest.json} holds: the files of a checkpoint, and how it was made. */
public record Manifest(
        @Doc("Version of this format: 1.") int format,
        @Doc("Every other file of the checkpoint, by name.") Map<String, Entry> files,
        @Doc("Versions of Jumbo, Java and libtorch.") Map<String, String> versions,

        @Doc("SHA-256 over the training data, or its source.")
        String dataFingerprint,

        @Doc("The seed from which everything random derives.")
        long seed,

        @Doc("The commit of the working directory, where it is a git checkout.") @Default("null") @Nullable
        String commit,

        @Doc("The weights that training started from; none where all values were drawn.") @Default("null") @Nullable
        Origin origin,

        @Doc("Whether it was copied without the state of the optimizer: it answers, and training cannot go on from it.")
        @Default("false")
        boolean withoutState) {
    public Manifest {
        files = Map.copyOf(files);
        versions = Map.copyOf(versions);
    }

    /** That of a copy with these files and without the optimizer's state. */
    Manifest withoutState(Map<String, Entry> left) {
        return new Manifest(format, left, versions, dataFingerprint, seed, commit, origin, true);
    }

    /** The hash of a file. @throws InputException if there is no such file */
    public String sha256(String file) {
        Entry entry = files.get(file);
        if (entry == null) {
            throw new InputException(
                    "the checkpoint has no file \"" + file + "\"" + Nearest.hint(file, files.keySet()));
        }
        return entry.sha256();
    }

    /**
     * Weights that a training started from.
     *
     * @param from where they were
     * @param sha256 of their files, by name
     * @param loaded how many parameters and buffers have their values
     * @param fresh those that were drawn, as a new head
     */
    public record Origin(String from, Map<String, String> sha256, int loaded, List<String> fresh) {
        public Origin {
            sha256 = Map.copyOf(sha256);
            fresh = List.copyOf(fresh);
        }

        /** With the hashes of the files, which are read for it. */
        public static Origin of(String from, List<Path> files, int loaded, List<String> fresh) {
            Map<String, String> hashes = new TreeMap<>();
            for (Path file : files) {
                try {
                    hashes.put(file.getFileName().toString(), Sha256.of(file));
                } catch (IOException e) {
                    throw new FailureException("cannot read " + file + ": " + e, e);
                }
            }
            return new Origin(from, hashes, loaded, fresh);
        }
    }

    /**
     * A file of the checkpoint.
     *
     * @param bytes its length
     * @param sha256 its hash in hexadecimal
     */
    public record Entry(long bytes, String sha256) {}
}

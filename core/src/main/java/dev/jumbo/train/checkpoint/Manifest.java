package dev.jumbo.train.checkpoint;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.util.Map;
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
        String commit) {
    public Manifest {
        files = Map.copyOf(files);
        versions = Map.copyOf(versions);
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
     * A file of the checkpoint.
     *
     * @param bytes its length
     * @param sha256 its hash in hexadecimal
     */
    public record Entry(long bytes, String sha256) {}
}

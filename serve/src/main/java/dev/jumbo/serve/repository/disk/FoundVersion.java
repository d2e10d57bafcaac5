package dev.jumbo.serve.repository.disk;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The directory of a version as it was found.
 *
 * @param model name of the model
 * @param version name of the version
 * @param directory its real path, all links followed: what is loaded stays one copy where a link is turned to another
 * @param form what it holds; null while it holds nothing that is known
 * @param stamp changes with any file in it: names, sizes, times
 * @param content changes where a model would answer otherwise; empty while that cannot be said
 * @param changedMillis when any file in it changed last, by the clock of the system; 0 where that is not known
 * @param bytes of the files that are loaded
 * @param lacks why it cannot be loaded yet; null where nothing is seen to be missing
 * @param refused why it will not be loaded as long as it is like this; null where nothing stands against it
 */
public record FoundVersion(
        String model,
        String version,
        Path directory,
        @Nullable Form form,
        String stamp,
        String content,
        long changedMillis,
        long bytes,
        @Nullable String lacks,
        @Nullable String refused) {
    /** What the directory of a version can hold. */
    public enum Form {
        /** {@code manifest.json} and the files that it lists: the hashes say when it is whole. */
        CHECKPOINT,
        /** The directory of a run, of which the best checkpoint answers. */
        RUN,
        /** {@code model.onnx}. */
        ONNX
    }

    /** One that cannot be read. @param stamp what it is known by */
    static FoundVersion unreadable(
            String model, String version, Path path, String stamp, @Nullable String lacks, @Nullable String refused) {
        return new FoundVersion(model, version, path, null, stamp, "", 0, 0, lacks, refused);
    }

    /** Whether only time can tell that it is whole: nothing in it says what it should be. */
    public boolean mustStandStill() {
        return form != Form.CHECKPOINT;
    }
}

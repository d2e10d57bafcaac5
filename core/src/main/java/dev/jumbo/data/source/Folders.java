package dev.jumbo.data.source;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The parts of a dataset in folders of their own: train, and where they are there, validation and test; or one folder. */
final class Folders {
    private Folders() {}

    /** @param open reads one part @throws InputException if there is no directory, or a part has other classes */
    static DataParts load(
            String kind,
            @Nullable Path dir,
            String train,
            String validation,
            String test,
            Function<Path, Dataset> open) {
        if (dir == null) {
            throw new InputException(kind + ": expected the directory of the data, received none: set data.dir");
        }
        if (!Files.isDirectory(dir.resolve(train))) {
            return DataParts.of(open.apply(dir), null, null);
        }
        Dataset learned = open.apply(dir.resolve(train));
        return DataParts.of(
                learned, part(dir.resolve(validation), learned, open), part(dir.resolve(test), learned, open));
    }

    private static @Nullable Dataset part(Path dir, Dataset train, Function<Path, Dataset> open) {
        if (!Files.isDirectory(dir)) {
            return null;
        }
        Dataset part = open.apply(dir);
        try {
            Field.requireSameClasses(train.targets(), part.targets());
        } catch (InputException e) {
            throw new InputException(dir + ": " + e.getMessage(), e);
        }
        return part;
    }
}

package dev.jumbo.data.source;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.image.ImageFolder;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link ImageFolder}s below {@code data.dir}: {@code train/CLASS/*.png}, and {@code validation} and {@code test} where
 * they are there; or the folders of the classes themselves.
 */
@Kind("image_folder")
@Doc("PNG and JPEG files in a folder for each class, below data.dir or its folders train, validation and test.")
public record ImageFolderSource(
        @Doc("What pictures are resized to: [1, height, width] grey or [3, height, width] colour.")
        Shape shape,

        @Doc("The folder of the training examples, where there are several.") @Default("train")
        String train,

        @Doc("The folder of the validation examples, if it is there.") @Default("validation")
        String validation,

        @Doc("The folder of the test examples, if it is there.") @Default("test")
        String test)
        implements DataSource {
    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        if (dir == null) {
            throw new InputException(
                    "image_folder: expected the directory of the pictures, received none: set data.dir");
        }
        if (!Files.isDirectory(dir.resolve(train))) {
            return DataParts.of(ImageFolder.of(dir, shape), null, null);
        }
        Dataset learned = ImageFolder.of(dir.resolve(train), shape);
        return DataParts.of(learned, part(dir.resolve(validation), learned), part(dir.resolve(test), learned));
    }

    private @Nullable Dataset part(Path dir, Dataset train) {
        if (!Files.isDirectory(dir)) {
            return null;
        }
        Dataset part = ImageFolder.of(dir, shape);
        List<String> expected = train.targets().get(0).classes();
        List<String> received = part.targets().get(0).classes();
        if (!expected.equals(received)) {
            throw new InputException("expected the classes " + expected + " in " + dir + ", as in the training folder;"
                    + " received " + received);
        }
        return part;
    }
}

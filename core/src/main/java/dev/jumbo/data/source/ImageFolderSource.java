package dev.jumbo.data.source;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.image.ImageFolder;
import dev.jumbo.data.image.Images;
import dev.jumbo.data.image.RejectedFiles;
import dev.jumbo.tensor.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@link ImageFolder}s below {@code data.dir}: {@code train/CLASS/*.png}, and {@code validation} and {@code test} where
 * they are there; or the folders of the classes themselves.
 */
@Kind("image_folder")
@Doc("PNG and JPEG files in a folder for each class, below data.dir or its folders train, validation (or val,"
        + " valid, dev) and test; values are scaled to 0 to 1.")
public record ImageFolderSource(
        @Doc("What pictures are resized to: [1, height, width] grey or [3, height, width] colour.")
        Shape shape,

        @Doc("The folder of the training examples, where there are several.") @Default("train")
        String train,

        @Doc("The folder of the validation examples, if it is there; val, valid and dev are understood.")
        @Default("validation")
        String validation,

        @Doc("The folder of the test examples, if it is there.") @Default("test")
        String test)
        implements DataSource {
    public ImageFolderSource {
        Images.requireShape(shape);
    }

    /** Files that are not examples are listed in {@code rejected.csv} in {@code out}. */
    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        List<ImageFolder> opened = new ArrayList<>();
        DataParts parts = new Folders("image_folder", dir, train, validation, test).load(path -> {
            ImageFolder folder = ImageFolder.open(path, shape);
            opened.add(folder);
            return folder;
        });
        RejectedFiles rejected = RejectedFiles.of(opened);
        Path table = out.resolve(RejectedFiles.FILE);
        rejected.write(table);
        rejected.warn(table);
        return parts;
    }
}

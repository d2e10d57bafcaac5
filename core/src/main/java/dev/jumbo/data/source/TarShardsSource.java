package dev.jumbo.data.source;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.image.Images;
import dev.jumbo.data.shards.TarImageDataset;
import dev.jumbo.data.shards.TarShards;
import dev.jumbo.tensor.Shape;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@link TarImageDataset}s of the shards in {@code data.dir}, or in its folders for training, validation and test. */
@Kind("tar_shards")
@Doc("Images with classes from tar shards (WebDataset) in data.dir or its folders train, validation and test.")
public record TarShardsSource(
        @Doc("What pictures are resized to: [1, height, width] grey or [3, height, width] colour.")
        Shape shape,

        @Doc("Names of the classes by their numbers; by default those of the manifest, or the numbers.") @Default("[]")
        List<String> classes,

        @Doc("The folder of the training shards, where there are several.") @Default("train")
        String train,

        @Doc("The folder of the validation shards, if it is there; val, valid and dev are understood.")
        @Default("validation")
        String validation,

        @Doc("The folder of the test shards, if it is there.") @Default("test")
        String test)
        implements DataSource {
    public TarShardsSource {
        Images.requireShape(shape);
        classes = List.copyOf(classes);
    }

    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        return new Folders("tar_shards", dir, train, validation, test).load(this::open);
    }

    private Dataset open(Path dir) {
        return TarImageDataset.of(TarShards.open(dir), shape, classes);
    }
}

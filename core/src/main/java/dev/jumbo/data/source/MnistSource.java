package dev.jumbo.data.source;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.image.Mnist;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@link Mnist}, from the directory {@code data.dir} or the cache of downloads. */
@Kind("mnist")
@Doc(
        "70,000 handwritten digits, or other images in the same four IDX files, from data.dir, or downloaded once where that is not given.")
public record MnistSource() implements DataSource {
    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        Mnist mnist = dir == null ? Mnist.download() : Mnist.load(dir);
        return DataParts.of(mnist.train(), null, mnist.test());
    }
}

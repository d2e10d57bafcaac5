package dev.jumbo.data.source;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.image.Mnist;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** {@link Mnist}, from the directory {@code data.dir}. */
@Kind("mnist")
@Doc("70,000 handwritten digits, or other images in the same four IDX files, from data.dir.")
public record MnistSource() implements DataSource {
    @Override
    public DataParts load(@Nullable Path dir) {
        Mnist mnist = Mnist.load(dir == null ? Path.of("data", "mnist") : dir);
        return new DataParts(mnist.train(), null, mnist.test());
    }
}

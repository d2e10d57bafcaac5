package dev.jumbo.models.language;

import dev.jumbo.error.IoProblem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/** The directories that make_decoder_fixtures.py writes. */
final class Fixtures {
    private Fixtures() {}

    static Path of(String name) {
        try {
            return Path.of(Objects.requireNonNull(Fixtures.class.getResource("/decoders/" + name), name)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As it would be downloaded: a variant with the weights that it is of. */
    static Path copy(String name, Path into) {
        try {
            Path from = of(name);
            Path target = Files.createDirectories(into.resolve(name));
            copyFiles(from, target);
            Path base = from.resolve("base.txt");
            if (Files.exists(base)) {
                Path weights = of(Files.readString(base).strip()).resolve("model.safetensors");
                Files.copy(weights, target.resolve("model.safetensors"));
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(IoProblem.of(e), e);
        }
    }

    private static void copyFiles(Path from, Path target) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName().toString()));
            }
        }
    }
}

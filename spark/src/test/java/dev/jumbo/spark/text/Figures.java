package dev.jumbo.spark.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Figures that tests measure, for the documentation: {@code target/figures/NAME.txt}. */
public final class Figures {
    private Figures() {}

    /** Replaces the file of this name. */
    public static void write(String name, CharSequence figures) {
        Path file = Path.of("target/figures", name + ".txt");
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, figures);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

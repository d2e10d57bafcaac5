package dev.jumbo.spark.image;

import dev.jumbo.data.image.Images;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.apache.spark.sql.Row;

/**
 * Makes a PNG of the wanted size of each image.
 *
 * @param maxBytes of a file
 * @param seed of the order
 */
record Decoding(long channels, long height, long width, long maxBytes, long seed) implements Serializable {
    private static final long serialVersionUID = 1L;

    static Decoding of(ImagesConfig config) {
        Shape shape = config.shape();
        return new Decoding(
                shape.size(0), shape.size(1), shape.size(2), (long) config.maxFileMb() << 20, config.seed());
    }

    /** An example of a file, which is not read where it is a link or too long. */
    Row file(long id, String source, String label, Path file) {
        try {
            if (Files.isSymbolicLink(file)) {
                return Example.bad(id, source, "symbolic_link", "it is not followed", 0);
            }
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return Example.bad(id, source, "no_file", "neither a file nor a folder", 0);
            }
            long bytes = Files.size(file);
            return bytes > maxBytes ? tooLong(id, source, bytes) : bytes(id, source, label, Files.readAllBytes(file));
        } catch (IOException e) {
            return Example.bad(id, source, "cannot_read", e.toString(), 0);
        }
    }

    /** An example of the content of a file. */
    Row bytes(long id, String source, String label, byte[] file) {
        if (file.length > maxBytes) {
            return tooLong(id, source, file.length);
        }
        Shape shape = Shape.of(channels, height, width);
        try {
            byte[] png = Images.png(Images.decode(file, shape), shape);
            return Example.kept(id, seed, source, label, png, file.length);
        } catch (InputException e) {
            return Example.bad(id, source, "cannot_decode", String.valueOf(e.getMessage()), file.length);
        }
    }

    private Row tooLong(long id, String source, long bytes) {
        String detail = "expected at most " + maxBytes + " bytes, received " + bytes;
        return Example.bad(id, source, "too_long", detail, bytes);
    }
}

package dev.jumbo.spark.text.charset;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The standard's data. An index is read at its first use and gives U+FFFD where it has no character. */
final class Tables {
    private Tables() {}

    /** Two columns of numbers: the first pointer of a range and its first character. */
    static int[][] ranges(String name) {
        return lines(name).stream()
                .map(line -> Arrays.stream(line.split(" "))
                        .mapToInt(Integer::parseInt)
                        .toArray())
                .toArray(int[][]::new);
    }

    static int[] index(String name) {
        return text(name).codePoints().toArray();
    }

    /** By LF alone: among the characters are other ends of lines. */
    static List<String> lines(String name) {
        return List.of(text(name).split("\n"));
    }

    static int at(int[] index, int pointer) {
        return pointer >= 0 && pointer < index.length ? index[pointer] : Decoder.REPLACEMENT;
    }

    private static String text(String name) {
        try (InputStream in = Objects.requireNonNull(Tables.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("a resource of this jar cannot be read: " + name, e);
        }
    }
}

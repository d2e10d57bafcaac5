package dev.jumbo.data.table.read;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text file of one example a line, in UTF-8, compressed with gzip or not: a table with the column {@code text}. A
 * line over the limit is malformed; empty lines are rows with an empty text.
 */
@Kind("lines")
public record TextLines(
        @Doc("The text file; gzip is recognised.") Path path,

        @Doc("Characters of the longest line allowed.") @Default("1048576")
        int maxLine,

        @Doc("How many times larger than the file gzip content may be.") @Default("200")
        int maxRatio)
        implements StreamedSource {

    public TextLines {
        if (maxLine < 1 || maxRatio < 1) {
            throw new InputException(
                    "expected max_line and max_ratio of 1 or more, received " + maxLine + " and " + maxRatio);
        }
    }

    /** With the default limits. */
    public static TextLines of(Path path) {
        return new TextLines(path, 1 << 20, 200);
    }

    @Override
    public String name() {
        return path.toString();
    }

    /** None: every line is a text. */
    @Override
    public List<String> missing() {
        return List.of();
    }

    @Override
    public TableReader open(Quarantine malformed) {
        BufferedReader in = TextFile.open(path, StandardCharsets.UTF_8, maxRatio);
        LineReader lines = new LineReader(in, maxLine);
        return new TableReader() {
            @Override
            public List<String> names() {
                return List.of("text");
            }

            @Override
            public @Nullable Entry next() throws IOException {
                for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                    if (!line.tooLong()) {
                        return new Entry(line.number(), List.of(line.text()));
                    }
                    String reason = "a line of more than " + maxLine + " characters";
                    malformed.add(path, new Malformed(line.number(), reason, line.text()));
                }
                return null;
            }

            @Override
            public void close() throws IOException {
                in.close();
            }
        };
    }

    /** Any share: a line that is too long is reported and left out. */
    @Override
    public void requireGood(long bad, long good, @Nullable Malformed first, String details) {}
}

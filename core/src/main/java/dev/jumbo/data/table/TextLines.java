package dev.jumbo.data.table;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

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
        implements TableSource {

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
    public Table read(Quarantine malformed) {
        TextColumn texts = TextColumn.empty();
        SourceRows rows = new SourceRows();
        try (BufferedReader in = TextFile.open(path, StandardCharsets.UTF_8, maxRatio)) {
            LineReader lines = new LineReader(in, maxLine);
            for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
                if (line.tooLong()) {
                    String reason = "a line of more than " + maxLine + " characters";
                    malformed.add(path, new Malformed(line.number(), reason, line.text()));
                } else {
                    texts.add(line.text());
                    rows.add(line.number());
                }
            }
        } catch (IOException e) {
            throw TextFile.failure(path, e);
        }
        return Table.of(List.of("text"), List.of(texts), rows.toArray());
    }
}

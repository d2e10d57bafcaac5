package dev.jumbo.cli;

import dev.jumbo.data.table.encode.RowJson;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.text.corpus.CorpusRecord;
import dev.jumbo.text.corpus.PairReader;
import dev.jumbo.text.corpus.RecordReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Texts that a model's encoder reads: the lines of files and of standard input, a column of JSON lines, JSON arrays and Parquet, JSON as it stands.
 *
 * @param column the key of records that has the text
 */
record SourceTexts(String column) {
    private static final String STDIN_NAME = "standard input";

    /** Takes the texts of one input, each with what answers call it. */
    void read(String input, BiConsumer<String, String> take) {
        if (input.startsWith("{") || input.startsWith("[")) {
            json(input, input, take);
        } else if (input.equals(Examples.STDIN)) {
            stdin(take);
        } else {
            file(input, take);
        }
    }

    private void file(String name, BiConsumer<String, String> take) {
        Path path = Path.of(name);
        if (!Files.isRegularFile(path)) {
            throw new InputException(name
                    + ": there is no such file; give one with a text in each line, .jsonl, .json or"
                    + " .parquet files with \"" + column + "\", - for standard input, or a text as in '{\"" + column
                    + "\": \"a text\"}'");
        }
        String lower = name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", "");
        if (Stream.of(".csv", ".tsv").anyMatch(lower::endsWith)) {
            throw new InputException(name + ": expected a text in each line, or records with \"" + column
                    + "\" (.jsonl, .json, .parquet), received the name of a table: write its texts to a file of lines");
        }
        if (Stream.of(".jsonl", ".ndjson", ".json", ".parquet").noneMatch(lower::endsWith)) {
            lines(name, PairReader.lines(path), take);
            return;
        }
        int number = 0;
        try (RecordReader reader = new RecordReader(List.of(path))) {
            for (CorpusRecord record = reader.next(); record != null; record = reader.next()) {
                take.accept(name + ":" + ++number, record.text(column));
            }
        }
    }

    private static void lines(String name, List<String> lines, BiConsumer<String, String> take) {
        for (int i = 0; i < lines.size(); i++) {
            take.accept(name + ":" + (i + 1), lines.get(i));
        }
    }

    private void stdin(BiConsumer<String, String> take) {
        try {
            List<String> lines = PairReader.lines(System.in.readAllBytes(), STDIN_NAME);
            String all = String.join("\n", lines).strip();
            if (all.startsWith("[")) {
                json(Examples.STDIN, all, take);
                return;
            }
            if (!all.startsWith("{")) {
                lines(Examples.STDIN, lines, take);
                return;
            }
            for (int i = 0; i < lines.size(); i++) {
                if (!lines.get(i).isBlank()) {
                    json(Examples.STDIN + ":" + (i + 1), lines.get(i), take);
                }
            }
        } catch (IOException e) {
            throw new FailureException("cannot read standard input: " + e, e);
        }
    }

    private void json(String name, String json, BiConsumer<String, String> take) {
        String place = name.startsWith(Examples.STDIN) ? STDIN_NAME + name.substring(1) : name;
        RowJson given;
        try {
            given = RowJson.read(json.getBytes(StandardCharsets.UTF_8));
        } catch (InputException e) {
            throw new InputException(place + ": " + e.getMessage(), e);
        }
        for (int i = 0; i < given.rows().size(); i++) {
            Map<String, @Nullable Object> row = given.rows().get(i);
            if (!(row.get(column) instanceof String text)) {
                throw new InputException(place + ": expected a text as \"" + column + "\", received "
                        + (row.containsKey(column) ? row.get(column) : "the keys " + row.keySet()));
            }
            take.accept(given.list() ? name + ":" + i : name, text);
        }
    }
}

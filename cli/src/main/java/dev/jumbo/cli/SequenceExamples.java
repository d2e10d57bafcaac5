package dev.jumbo.cli;

import dev.jumbo.data.Field;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.data.table.read.JsonLines;
import dev.jumbo.data.table.read.ParquetFile;
import dev.jumbo.data.table.read.Quarantine;
import dev.jumbo.data.table.read.TableSource;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.train.SequenceRows;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What users have for a model of sequences: JSON lists as they stand, files of rows with a column of lists, standard input.
 *
 * @param field the model's only raw input
 */
record SequenceExamples(Field field) {
    /** Takes the examples of one input. */
    void read(String input, Consumer<Example> take) {
        if (InlineRows.isOne(input)) {
            json(input, input, take);
        } else if (input.equals(Examples.STDIN)) {
            stdin(take);
        } else {
            file(Path.of(input), input, take);
        }
    }

    private void file(Path path, String name, Consumer<Example> take) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (!Files.isRegularFile(path)) {
            throw new InputException(name + ": there is no such file; give .jsonl, .json, .csv or .parquet files, - for"
                    + " standard input, or a list as in '[5, 3, 9]'");
        }
        if (lower.endsWith(".json")) {
            try {
                json(name, Files.readString(path), take);
            } catch (IOException e) {
                throw new FailureException("cannot read " + path + ": " + e, e);
            }
        } else if (lower.endsWith(".jsonl") || lower.endsWith(".ndjson")) {
            table(JsonLines.of(path), name, take);
        } else if (lower.endsWith(".parquet")) {
            table(ParquetFile.of(path), name, take);
        } else if (lower.endsWith(".tsv")) {
            table(CsvFile.of(path).withDelimiter("\t"), name, take);
        } else if (lower.endsWith(".csv")) {
            table(CsvFile.of(path), name, take);
        } else {
            throw new InputException(name + ": expected a .jsonl, .json, .csv, .tsv or .parquet file with lists as \""
                    + field.name() + "\"");
        }
    }

    private void json(String name, String text, Consumer<Example> take) {
        SequenceRows given;
        try {
            given = SequenceRows.read(text.getBytes(StandardCharsets.UTF_8), field);
        } catch (InputException e) {
            throw new InputException(Example.bad(name, "").place() + ": " + e.getMessage(), e);
        }
        List<String> names = InlineRows.names(name, given.rows().size(), given.list());
        for (int i = 0; i < names.size(); i++) {
            take.accept(example(names.get(i), given.rows().get(i)));
        }
    }

    private Example example(String name, Object row) {
        return Example.of(name, Map.of(field.name(), row));
    }

    private void table(TableSource source, String name, Consumer<Example> take) {
        Quarantine malformed = Quarantine.counting();
        Table table = source.read(malformed);
        TableColumn column = table.column(field.name());
        for (int r = 0; r < table.rows(); r++) {
            String place = name + ":" + table.sourceRow(r);
            String text = column.text(r);
            try {
                byte[] list = (text == null ? "null" : text).getBytes(StandardCharsets.UTF_8);
                SequenceRows given = SequenceRows.read(list, field);
                if (given.list()) {
                    throw new InputException(
                            "expected one list of \"" + field.name() + "\" in a row, received several");
                }
                take.accept(example(place, given.rows().get(0)));
            } catch (InputException e) {
                take.accept(Example.bad(place, String.valueOf(e.getMessage())));
            }
        }
        malformed.samples().forEach(bad -> take.accept(Example.bad(name + ":" + bad.line(), bad.reason())));
    }

    /** One JSON, or one a line. */
    private void stdin(Consumer<Example> take) {
        try {
            String all = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).strip();
            List<String> lines = all.lines().filter(line -> !line.isBlank()).toList();
            String first = lines.isEmpty() ? "" : lines.get(0).strip();
            boolean each = lines.size() > 1 && (first.endsWith("]") || first.endsWith("}"));
            for (int i = 0; each && i < lines.size(); i++) {
                json(Examples.STDIN + ":" + (i + 1), lines.get(i), take);
            }
            if (!each) {
                json(Examples.STDIN, all, take);
            }
        } catch (IOException e) {
            throw new FailureException("cannot read standard input: " + e, e);
        }
    }
}

package dev.jumbo.cli;

import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.encode.RowJson;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.data.table.read.ArffFile;
import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.data.table.read.CsvRows;
import dev.jumbo.data.table.read.ParquetFile;
import dev.jumbo.data.table.read.Quarantine;
import dev.jumbo.data.table.read.TableReader;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Files with rows to predict: CSV in the form that the training file had, unless another is given; JSON lines; Parquet. Rows
 * of texts are read one after the other, none kept.
 *
 * @param columns is told the columns of each file that says them, before its rows: a file may have none
 */
record TableFiles(RowReader reader, Form form, Consumer<List<String>> columns) {
    /** As {@link #TableFiles(RowReader, Form, Consumer)}, where the columns alone say nothing. */
    TableFiles(RowReader reader, Form form) {
        this(reader, form, columns -> {});
    }

    /**
     * What differs from the training file.
     *
     * @param delimiter null: as in training
     * @param charset null: as in training
     * @param header whether the first record has the names of the columns, even where the training file had none
     */
    record Form(@Nullable String delimiter, @Nullable String charset, boolean header) {
        /** As the training file. */
        static final Form TRAINED = new Form(null, null, false);
    }

    /** The form of CSV files. */
    CsvFile csv(Path file) {
        CsvFile trained = reader.encoding().format();
        CsvFile format = (trained == null ? CsvFile.of(file) : trained).withPath(file);
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean tabs = name.endsWith(".tsv") || name.endsWith(".tsv.gz");
        String delimiter = form.delimiter() != null ? form.delimiter() : tabs ? "\t" : null;
        format = delimiter == null ? format : format.withDelimiter(delimiter);
        format = form.charset() == null ? format : format.withCharset(form.charset());
        return form.header() ? format.withHeader() : format;
    }

    /** @throws InputException in words of this command, with the name that the user knows */
    void read(Path file, String name, Consumer<Example> take) {
        try {
            readAny(file, name, take);
        } catch (InputException e) {
            throw FormAdvice.told(e, file, name);
        }
    }

    private void readAny(Path file, String name, Consumer<Example> take) {
        String lower = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (lower.endsWith(".parquet")) {
            parquet(file, name, take);
        } else if (lower.endsWith(".arff") || lower.endsWith(".arff.gz")) {
            arff(file, name, take);
        } else {
            readText(file, name, lower.endsWith(".jsonl") || lower.endsWith(".ndjson"), take);
        }
    }

    /** @param json whether each line is a JSON object */
    void read(Path file, String name, boolean json, Consumer<Example> take) {
        try {
            readText(file, name, json, take);
        } catch (InputException e) {
            throw FormAdvice.told(e, file, name);
        }
    }

    /** @param json whether each line is a JSON object */
    private void readText(Path file, String name, boolean json, Consumer<Example> take) {
        try {
            if (json) {
                lines(file, name, take);
            } else {
                csv(csv(file), name, take);
            }
        } catch (CharacterCodingException e) {
            throw new InputException(
                    name + ": expected UTF-8, as JSON is, received other bytes; convert it, as iconv -f windows-1252"
                            + " -t UTF-8 does",
                    e);
        } catch (IOException e) {
            throw new FailureException("cannot read " + name + ": " + e.getMessage(), e);
        }
    }

    /** Whether the first line is a whole JSON object, so that others follow. */
    boolean isLines(Path file) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file)) {
            String first = in.readLine();
            String text = first == null ? "" : first.strip();
            return text.startsWith("{") && text.endsWith("}");
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** A key that only some lines have is missing in the others, as where the file is read for training. */
    private void lines(Path file, String name, Consumer<Example> take) throws IOException {
        Set<String> keys = new LinkedHashSet<>();
        Set<String> known = Set.copyOf(reader.known());
        try (BufferedReader in = Files.newBufferedReader(file)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isBlank()) {
                    keys.addAll(keys(line));
                }
            }
        }
        try (BufferedReader in = Files.newBufferedReader(file)) {
            long number = 0;
            boolean some = false;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                some = true;
                String place = name + ":" + number;
                Example example;
                try {
                    Map<String, @Nullable Object> row =
                            new LinkedHashMap<>(RowJson.line(line).rows().get(0));
                    if (known.containsAll(row.keySet())) { // Otherwise a key may be misspelt, and is not missing.
                        keys.forEach(key -> row.putIfAbsent(key, null));
                    }
                    example = Example.of(place, row);
                } catch (InputException e) {
                    example = Example.bad(place, String.valueOf(e.getMessage()));
                }
                take.accept(example);
            }
            if (!some) {
                throw new InputException(
                        name + ": expected a JSON object in each line, received no line; check what writes it");
            }
        }
    }

    /** None of a line that cannot be read: it is told when its turn comes. */
    private static Set<String> keys(String line) {
        try {
            return RowJson.line(line).rows().get(0).keySet();
        } catch (InputException e) {
            return Set.of();
        }
    }

    private void csv(CsvFile given, String name, Consumer<Example> take) throws IOException {
        CsvFile format = given.names().isEmpty() ? given : withoutTarget(given);
        try (CsvRows rows = CsvRows.open(format)) {
            List<String> header = rows.header();
            requireColumns(header, name, format);
            columns.accept(header);
            boolean some = given.names().isEmpty();
            boolean first = !format.names().isEmpty();
            for (CsvRows.Row next = rows.next(); next != null; next = rows.next()) {
                some = true;
                String place = name + ":" + next.line();
                if (next instanceof CsvRows.Bad bad) {
                    take.accept(Example.bad(place, FormAdvice.of(bad.malformed(), format.delimiter())));
                } else if (next instanceof CsvRows.Good good) {
                    if (!first
                            || !good.fields().stream()
                                    .map(String::strip)
                                    .toList()
                                    .equals(header)) {
                        take.accept(Example.of(place, row(header, good.fields())));
                    }
                    first = false;
                }
            }
            if (!some) {
                throw new InputException(name + ": expected rows, received none; check what writes it");
            }
        }
    }

    private static Map<String, @Nullable Object> row(List<String> header, List<String> fields) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (int i = 0; i < header.size(); i++) {
            row.put(header.get(i), fields.get(i));
        }
        return row;
    }

    /** A file without a header has the columns of training, with the target or without. */
    private CsvFile withoutTarget(CsvFile format) throws IOException {
        List<String> inputs = format.names().stream()
                .filter(column -> !reader.encoding().layout().isTarget(column))
                .toList();
        try (CsvRows rows = CsvRows.open(format)) {
            if (!(rows.next() instanceof CsvRows.Bad)) {
                return format;
            }
        }
        CsvFile shorter = format.withNames(inputs);
        try (CsvRows rows = CsvRows.open(shorter)) {
            return rows.next() instanceof CsvRows.Good ? shorter : format;
        }
    }

    /** Said once of a file, and not of each of its rows. */
    private void requireColumns(List<String> header, String name, CsvFile format) {
        String missing = reader.missingColumn(header);
        if (missing == null) {
            return;
        }
        boolean one = header.size() == 1;
        throw new InputException(name + ": " + missing + "; the file has "
                + (one ? "one column \"" + header.get(0) + "\"" : "the columns " + Nearest.first(header))
                + (one
                        ? ", read with the delimiter \"" + format.delimiter() + "\": give another with --delimiter"
                        : ""));
    }

    /** Rows of ARFF; those that are malformed come behind the others. */
    private void arff(Path file, String name, Consumer<Example> take) {
        Quarantine malformed = Quarantine.counting();
        try (TableReader rows = ArffFile.of(file).open(malformed)) {
            String missing = reader.missingColumn(rows.names());
            if (missing != null) {
                throw new InputException(name + ": " + missing);
            }
            columns.accept(rows.names());
            for (TableReader.Entry row = rows.next(); row != null; row = rows.next()) {
                Map<String, @Nullable Object> values = new LinkedHashMap<>();
                for (int i = 0; i < rows.names().size(); i++) {
                    String text = row.values().get(i);
                    boolean number = text != null && row.numbers().get(i);
                    values.put(rows.names().get(i), number ? Numbers.exact(String.valueOf(text)) : text);
                }
                take.accept(Example.of(name + ":" + row.row(), values));
            }
        } catch (IOException e) {
            throw new FailureException("cannot read " + name + ": " + e.getMessage(), e);
        }
        malformed.samples().forEach(bad -> take.accept(Example.bad(name + ":" + bad.line(), bad.reason())));
    }

    private void parquet(Path file, String name, Consumer<Example> take) {
        Table table = ParquetFile.of(file).read(Quarantine.counting());
        String missing = reader.missingColumn(table.names());
        if (missing != null) {
            throw new InputException(name + ": " + missing);
        }
        columns.accept(table.names());
        for (int r = 0; r < table.rows(); r++) {
            Map<String, @Nullable Object> row = new LinkedHashMap<>();
            for (int c = 0; c < table.columns().size(); c++) {
                row.put(table.names().get(c), table.columns().get(c).value(r));
            }
            take.accept(Example.of(name + ":" + table.sourceRow(r), row));
        }
    }
}

package dev.jumbo.cli;

import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.Cleaner;
import dev.jumbo.data.clean.RowCleaner;
import dev.jumbo.data.prepare.TableData;
import dev.jumbo.data.source.DataConfig;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.read.ArffFile;
import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.data.table.read.JsonLines;
import dev.jumbo.data.table.read.ParquetFile;
import dev.jumbo.data.table.read.Quarantine;
import dev.jumbo.data.table.read.TableSource;
import dev.jumbo.error.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The two tables of {@code jumbo drift}. Each is a file; or a configuration, whose training table is the earlier one and
 * whose test table the later; or a run, whose training table it is. Tables of configurations and runs are cleaned by their
 * steps, and a file beside one is read in the form of its training table and cleaned as rows to be predicted are.
 */
record ComparedTables(Table before, Table now) {
    /**
     * How files are read.
     *
     * @param delimiter null: as the training table, or a comma
     * @param charset null: as the training table, or UTF-8
     * @param missing texts that stand for missing values; null: as the training table, or those of pandas
     */
    record Form(
            @Nullable String delimiter,
            @Nullable String charset,
            @Nullable List<String> missing) {
        boolean isUsual() {
            return delimiter == null && charset == null && missing == null;
        }
    }

    /** @throws InputException if one of them cannot be read, or a configuration has no such table */
    static ComparedTables read(Path before, Path now, Form form) {
        TableData earlier = described(before);
        TableData later = described(now);
        if (earlier != null && later != null && !form.isUsual()) {
            throw new InputException("--delimiter, --charset and --na-values are for files; received configurations or"
                    + " runs, which say how their tables are read: leave them out");
        }
        Cleaned learned = earlier == null ? null : train(earlier);
        Table first = learned == null ? file(before, null, form) : learned.table();
        if (later != null) {
            return new ComparedTables(
                    first, Files.isDirectory(now) ? train(later).table() : test(later, now));
        }
        Table second = file(now, earlier, form);
        return earlier == null || learned == null
                ? new ComparedTables(first, second)
                : cleaned(first, second, learned, earlier.target());
    }

    /** A table without the target, as rows to be predicted are, is compared by the other columns. */
    private static ComparedTables cleaned(Table before, Table now, Cleaned learned, @Nullable String target) {
        RowCleaner.Rows rows = RowCleaner.of(learned.forRows(), target).apply(now);
        int[] kept = IntStream.range(0, now.rows())
                .filter(row -> !rows.refused().containsKey(row))
                .toArray();
        Table clean = rows.table().select(kept);
        return target == null || now.names().contains(target)
                ? new ComparedTables(before, clean)
                : new ComparedTables(without(before, target), without(clean, target));
    }

    private static Table without(Table table, String name) {
        List<String> names =
                table.names().stream().filter(other -> !other.equals(name)).toList();
        return Table.of(names, names.stream().map(table::column).toList());
    }

    private static Cleaned train(TableData data) {
        return new Cleaner(data.clean(), 0).clean(data.train().read(Quarantine.counting()));
    }

    private static Table test(TableData data, Path file) {
        TableSource test = data.test();
        if (test == null) {
            throw new InputException("expected data.dataset.table.test in " + file + ", received none: name the file of"
                    + " the later table in its place");
        }
        return new Cleaner(train(data).forRows(), 0)
                .clean(test.read(Quarantine.counting()))
                .table();
    }

    /** The tables of a run or a configuration; null: neither. */
    private static @Nullable TableData described(Path path) {
        String name = lower(path);
        boolean yaml = name.endsWith(".yaml") || name.endsWith(".yml");
        if (!yaml && !Files.isDirectory(path)) {
            return null;
        }
        DataConfig config = yaml
                ? RunConfig.readData(path, List.of())
                : RunFolder.open(path, List.of()).config().data();
        DataSource source = config.dataset();
        if (source instanceof TableData tables) {
            return tables;
        }
        throw new InputException(
                "expected data.dataset.table in " + path + ", received other data: only tables are" + " compared");
    }

    private static Table file(Path file, @Nullable TableData like, Form form) {
        try {
            return source(file, like == null ? null : like.train(), form).read(Quarantine.counting());
        } catch (InputException e) {
            String message = String.valueOf(e.getMessage());
            throw message.contains("write ") || message.contains("give names") || message.contains("malformed")
                    ? new InputException(
                            FormAdvice.asOptions(message)
                                    + " (drift: --charset, --delimiter and --na-values say it; or give the"
                                    + " configuration or the run of the table in the file's place)",
                            e)
                    : e;
        }
    }

    private static TableSource source(Path file, @Nullable TableSource like, Form form) {
        String name = lower(file);
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - ".gz".length()) : name;
        if (name.endsWith(".parquet")) {
            return ParquetFile.of(file);
        }
        if (plain.endsWith(".arff")) {
            ArffFile arff = ArffFile.of(file);
            return form.charset() == null
                    ? arff
                    : new ArffFile(file, form.charset(), arff.maxBadShare(), arff.maxRecord(), arff.maxRatio());
        }
        if (plain.endsWith(".jsonl") || plain.endsWith(".ndjson")) {
            return JsonLines.of(file);
        }
        CsvFile csv = like instanceof CsvFile trained ? trained.withPath(file) : CsvFile.of(file);
        String delimiter = form.delimiter() != null ? form.delimiter() : plain.endsWith(".tsv") ? "\t" : null;
        csv = delimiter == null ? csv : csv.withDelimiter(delimiter.equals("\\t") ? "\t" : delimiter);
        csv = form.charset() == null ? csv : csv.withCharset(form.charset());
        return form.missing() == null ? csv : csv.withMissing(form.missing().toArray(String[]::new));
    }

    private static String lower(Path path) {
        return String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    }
}

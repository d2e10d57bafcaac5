package dev.jumbo.spark.table;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;

import dev.jumbo.data.clean.Aside;
import dev.jumbo.data.clean.CleaningAgreement;
import dev.jumbo.data.clean.CleaningReport;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.clean.rules.Rule;
import dev.jumbo.data.prepare.CleanCopy;
import dev.jumbo.data.prepare.TableData;
import dev.jumbo.data.table.ColumnProfile;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.read.Malformed;
import dev.jumbo.data.table.read.Quarantine;
import dev.jumbo.data.table.read.StreamedSource;
import dev.jumbo.data.table.read.TableSource;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.Directories;
import dev.jumbo.spark.corpus.Fingerprints;
import dev.jumbo.spark.corpus.StageFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * One table through its steps. Reading is a stage, and so is each step that looks at the whole table together with those
 * behind it that do not: stages are written as Parquet, and one that is done is not run again.
 */
final class TableRun {
    private final SparkSession spark;
    private final Path out;
    private final Path draft;
    private final String lastReport;
    private final List<CleaningStep> steps;
    private final int samples;
    private final Map<String, ColumnType> columns;
    private final Consumer<String> progress;
    private final List<StageFiles> reusable = new ArrayList<>();

    /** What a stage reports: its rows. */
    record Rows(long rows) {}

    /**
     * @param out what earlier runs left
     * @param draft where what is made lies until all of it is there
     * @param data has the steps
     */
    TableRun(SparkSession spark, Path out, Path draft, TableData data, Consumer<String> progress) {
        this.out = out;
        this.draft = draft;
        lastReport = Fingerprints.ofLastReport(out.resolve(TablePreparation.REPORT));
        this.spark = spark;
        // What a step reads from a file is a part of what decides its stage.
        steps = new ArrayList<>(
                data.clean().stream().map(CleaningStep::resolved).toList());
        WholeTable.requireKnown(steps);
        samples = data.samples();
        columns = data.columns();
        this.progress = progress;
    }

    /**
     * Cleans a table.
     *
     * @param name {@code train} or {@code test}
     * @param compare a clean copy to compare with, or null
     */
    CleaningReport run(String name, TableSource source, @Nullable CleanCopy compare) {
        TableRows read = TableRows.of(spark, source);
        Table header = read.header();
        ColumnProfile.requireFlat(header, columns.keySet());
        Comparison comparison = compare == null ? null : comparison(header, compare);
        // A misspelt column is found now and not after an hour.
        List<Table> headers = headers(header);
        String key = key(source);
        Dataset<Row> rows = stage(name + "-00-read", key, read.rows(), source);
        Map<String, Long> malformed = malformed(rows, source, "malformed-" + name + ".csv");
        Dataset<Row> table = rows.filter(col("malformed").isNull());
        int next = 0;
        while (next < steps.size()) {
            int first = next;
            WholeTable whole = new WholeTable(headers.get(next));
            // What a step finds out from the training table holds for the test table too.
            steps.set(next, whole.fitted(steps.get(next), table));
            WholeTable.Ready ready = whole.ready(steps.get(next), table);
            steps.set(next++, ready.step());
            List<Repair> repairs = new ArrayList<>(List.of(ready.repair()));
            while (next < steps.size() && steps.get(next).isLocal()) {
                repairs.add(new Repairs.Local(Repairs.text(steps.get(next++))));
            }
            Dataset<Row> repaired = ready.rows()
                    .mapPartitions(
                            new Parts(
                                    headers.subList(first, next).stream()
                                            .map(Parts.Shape::of)
                                            .toList(),
                                    first,
                                    repairs),
                            Encoders.row(CleanRow.SCHEMA));
            for (int i = first; i < next; i++) {
                key = Fingerprints.of(key, Repairs.text(steps.get(i)));
            }
            table = stage(String.format("%s-%02d-clean", name, first + 1), key, repaired, source);
        }
        List<String> names = headers.isEmpty()
                ? header.names()
                : headers.get(headers.size() - 1).names();
        CleaningReport report = new Tallies(table, names).report(steps, samples, malformed);
        if (comparison != null) {
            report = report.withAgreement(comparison.of(table));
        }
        quarantine(table, names, draft.resolve("quarantine-" + name + ".csv"));
        CsvParts.write(table, names, draft.resolve("." + name), draft.resolve("clean-" + name + ".csv"));
        return report;
    }

    /** Writes the rows that rules have put aside, in the order of one machine. */
    private void quarantine(Dataset<Row> table, List<String> names, Path file) {
        List<Integer> aside = IntStream.range(0, steps.size())
                .filter(i -> steps.get(i) instanceof Rule rule && rule.action() == Rule.Violation.QUARANTINE)
                .boxed()
                .toList();
        if (aside.isEmpty()) {
            return;
        }
        List<Aside> rows = new ArrayList<>();
        table.filter(col("dropped"))
                .withColumn("last", element_at(col("edits"), -1))
                .filter(col("last.step").isInCollection(aside))
                .orderBy("last.step", "position")
                .toLocalIterator()
                .forEachRemaining(row -> {
                    Row last = row.getAs("last");
                    List<@Nullable String> values = new ArrayList<>(row.<String>getList(2));
                    rows.add(new Aside(row.getLong(1), last.getString(3), names.subList(0, values.size()), values));
                });
        if (!rows.isEmpty()) {
            try {
                Aside.write(rows, file);
            } catch (IOException e) {
                throw new FailureException("cannot write " + file + ": " + e.getMessage() + "; is the disk full?", e);
            }
        }
    }

    /** The columns that each step works on, without rows; a misspelt name is found so. */
    private List<Table> headers(Table header) {
        List<Table> headers = new ArrayList<>();
        Table last = header.copy();
        for (CleaningStep step : steps) {
            last = step.prepare(last);
            step.apply(last, Edits.telling(last, edit -> {}));
            headers.add(last);
        }
        return headers;
    }

    /** Stages that a later run may take: all but those of a database, whose rows may be others then. */
    List<StageFiles> reusable() {
        return reusable;
    }

    private String key(TableSource source) {
        return Fingerprints.of(TableRows.key(source), TableRows.isDatabase(source) ? lastReport : "");
    }

    private Comparison comparison(Table header, CleanCopy compare) {
        TableRows copy = TableRows.of(spark, compare.source());
        CleaningAgreement.requireColumns(header.names(), copy.header().names());
        int column = header.indexOf(compare.key());
        Dataset<Row> rows = stage("compare-00-read", key(compare.source()), copy.rows(), compare.source());
        malformed(rows, compare.source(), null);
        return new Comparison(rows.filter(col("malformed").isNull()), compare.key(), column);
    }

    private Dataset<Row> stage(String name, String key, Dataset<Row> rows, TableSource source) {
        StageFiles files = new StageFiles(out.resolve(TablePreparation.STAGES), name, key);
        if (!TableRows.isDatabase(source)) {
            reusable.add(files);
        }
        if (files.isDone()) {
            progress.accept(name + ": done earlier");
        } else {
            files.begin();
            files.write(rows);
            Dataset<Row> written = files.read(spark, CleanRow.SCHEMA);
            Rows done = new Rows(written.count());
            files.finish(Rows.class, done);
            progress.accept(String.format("%s: %,d rows", name, done.rows()));
        }
        return files.read(spark, CleanRow.SCHEMA);
    }

    /**
     * Counts the records that could not be read, and stops if they are too many, or if there is no record at all.
     *
     * @param name of the file that they are written to, or null
     */
    private Map<String, Long> malformed(Dataset<Row> rows, TableSource source, @Nullable String name) {
        Dataset<Row> bad = rows.filter(col("malformed").isNotNull());
        Map<String, Long> reasons = new TreeMap<>();
        bad.groupBy("malformed")
                .agg(count(lit(1)))
                .collectAsList()
                .forEach(row -> reasons.put(row.getString(0), row.getLong(1)));
        long count = reasons.values().stream().mapToLong(Long::longValue).sum();
        if (!(source instanceof StreamedSource streamed)) {
            return reasons;
        }
        if (count == 0) {
            if (rows.isEmpty()) {
                streamed.requireGood(0, 0, null, "");
            }
            return reasons;
        }
        Malformed first;
        try (Quarantine quarantine = name == null ? Quarantine.counting() : Quarantine.to(draft.resolve(name))) {
            bad.orderBy("source")
                    .toLocalIterator()
                    .forEachRemaining(row -> quarantine.add(Path.of(source.name()), TableRows.malformed(row)));
            first = quarantine.samples().get(0);
        }
        try {
            streamed.requireGood(count, rows.count() - count, first, name == null ? "" : "; see " + out.resolve(name));
        } catch (InputException tooMany) {
            if (name != null) {
                Directories.move(draft.resolve(name), out.resolve(name));
            }
            throw tooMany;
        }
        return reasons;
    }
}

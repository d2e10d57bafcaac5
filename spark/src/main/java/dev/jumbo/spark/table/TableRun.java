package dev.jumbo.spark.table;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import dev.jumbo.data.Sha256;
import dev.jumbo.data.clean.Agreement;
import dev.jumbo.data.clean.CleaningReport;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.prepare.CleanCopy;
import dev.jumbo.data.table.Malformed;
import dev.jumbo.data.table.Quarantine;
import dev.jumbo.data.table.StreamedSource;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableSource;
import dev.jumbo.spark.corpus.Directories;
import dev.jumbo.spark.corpus.StageFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
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
    /** Changes when stages write something else for the same configuration. */
    private static final String FORMAT = "2";

    private final SparkSession spark;
    private final Path out;
    private final List<CleaningStep> steps;
    private final int samples;
    private final Consumer<String> progress;

    /** What a stage reports: its rows. */
    record Rows(long rows) {}

    TableRun(SparkSession spark, Path out, List<CleaningStep> steps, int samples, Consumer<String> progress) {
        this.spark = spark;
        this.out = out;
        this.steps = steps;
        this.samples = samples;
        this.progress = progress;
    }

    /**
     * Cleans a table.
     *
     * @param name {@code train} or {@code test}
     * @param compare a clean copy to compare with, or null
     */
    CleaningReport run(String name, TableSource source, @Nullable CleanCopy compare) {
        String key = TableRows.key(source);
        TableRows read = TableRows.of(spark, source);
        Table header = read.header();
        Comparison comparison = compare == null ? null : comparison(header, compare);
        // A misspelt column is found now and not after an hour.
        steps.forEach(step -> step.apply(header.copy(), Edits.telling(header, edit -> {})));
        String hash = hash(FORMAT + key);
        Dataset<Row> rows = stage(name + "-00-read", hash, read.rows());
        Map<String, Long> malformed = malformed(rows, source, out.resolve("malformed-" + name + ".csv"));
        Dataset<Row> table = rows.filter(col("malformed").isNull());
        WholeTable whole = new WholeTable(header);
        int next = 0;
        while (next < steps.size()) {
            int first = next;
            WholeTable.Ready ready = whole.ready(steps.get(next++), table);
            List<Repair> repairs = new ArrayList<>(List.of(ready.repair()));
            while (next < steps.size() && steps.get(next).isLocal()) {
                repairs.add(new Repairs.Local(Repairs.text(steps.get(next++))));
            }
            Dataset<Row> repaired = ready.rows()
                    .mapPartitions(
                            new Parts(header.names(), read.numbers(), first, repairs), Encoders.row(CleanRow.SCHEMA));
            for (int i = first; i < next; i++) {
                hash = hash(hash + Repairs.text(steps.get(i)));
            }
            table = stage(String.format("%s-%02d-clean", name, first + 1), hash, repaired);
        }
        CleaningReport report = new Tallies(table, header.names()).report(steps, samples, malformed);
        if (comparison != null) {
            report = report.withAgreement(comparison.of(table));
        }
        CsvParts.write(
                table, header.names(), out.resolve(".stages/" + name + "-csv"), out.resolve("clean-" + name + ".csv"));
        return report;
    }

    private Comparison comparison(Table header, CleanCopy compare) {
        TableRows copy = TableRows.of(spark, compare.source());
        Agreement.requireColumns(header.names(), copy.header().names());
        int column = header.indexOf(compare.key());
        String hash = hash(FORMAT + TableRows.key(compare.source()));
        Dataset<Row> rows = stage("compare-00-read", hash, copy.rows());
        malformed(rows, compare.source(), null);
        return new Comparison(rows.filter(col("malformed").isNull()), compare.key(), column);
    }

    private Dataset<Row> stage(String name, String key, Dataset<Row> rows) {
        StageFiles files = new StageFiles(out.resolve(".stages"), name, key);
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
     * Counts the records that could not be read, and stops if they are too many.
     *
     * @param file where they are written to, or null
     */
    private static Map<String, Long> malformed(Dataset<Row> rows, TableSource source, @Nullable Path file) {
        Dataset<Row> bad = rows.filter(col("malformed").isNotNull());
        Map<String, Long> reasons = new TreeMap<>();
        bad.groupBy("malformed")
                .agg(count(lit(1)))
                .collectAsList()
                .forEach(row -> reasons.put(row.getString(0), row.getLong(1)));
        long count = reasons.values().stream().mapToLong(Long::longValue).sum();
        if (count == 0 || !(source instanceof StreamedSource streamed)) {
            return reasons;
        }
        if (file != null) {
            Directories.delete(file);
        }
        Malformed first;
        try (Quarantine quarantine = file == null ? Quarantine.counting() : Quarantine.to(file)) {
            bad.orderBy("source")
                    .toLocalIterator()
                    .forEachRemaining(row -> quarantine.add(Path.of(source.name()), TableRows.malformed(row)));
            first = quarantine.samples().get(0);
        }
        streamed.requireGood(count, rows.count() - count, first, file == null ? "" : "; see " + file);
        return reasons;
    }

    private static String hash(String text) {
        MessageDigest sha = Sha256.digest();
        sha.update(text.getBytes(StandardCharsets.UTF_8));
        return Sha256.hex(sha);
    }
}

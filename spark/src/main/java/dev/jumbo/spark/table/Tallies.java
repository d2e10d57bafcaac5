package dev.jumbo.spark.table;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import dev.jumbo.data.clean.Cleaner;
import dev.jumbo.data.clean.CleaningReport;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/** The report of a cleaned table, counted by Spark from the edits that its rows carry. */
final class Tallies {
    private static final String[] CAUSE = {"step", "column", "reason"};

    private final Dataset<Row> rows;
    private final List<String> names;

    /** @param rows cleaned rows as {@link CleanRow#SCHEMA}, those that were dropped among them */
    Tallies(Dataset<Row> rows, List<String> names) {
        this.rows = rows.filter(col("malformed").isNull());
        this.names = names;
    }

    CleaningReport report(List<CleaningStep> steps, int samples, Map<String, Long> malformed) {
        long in = rows.count();
        Dataset<Row> left = rows.filter(col("dropped").equalTo(false));
        Dataset<Row> edits = rows.select(
                        col("position"), col("source"), explode(col("edits")).as("edit"))
                .select("position", "source", "edit.*");
        Map<Integer, List<CleaningReport.Reason>> byStep = new TreeMap<>();
        Map<String, List<CleaningReport.Sample>> shown = samples(edits, samples);
        for (Row row : edits.groupBy("step", "column", "reason")
                .agg(times(Edits.What.CHANGED), times(Edits.What.DROPPED), times(Edits.What.FLAGGED))
                .collectAsList()) {
            byStep.computeIfAbsent(row.getInt(0), step -> new ArrayList<>())
                    .add(new CleaningReport.Reason(
                            row.getString(2),
                            names.get(row.getInt(1)),
                            row.getLong(3),
                            row.getLong(4),
                            row.getLong(5),
                            shown.getOrDefault(cause(row), List.of())));
        }
        List<CleaningReport.Step> done = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            List<CleaningReport.Reason> reasons = byStep.getOrDefault(i, new ArrayList<>());
            reasons.sort(
                    Comparator.comparing(CleaningReport.Reason::column).thenComparing(CleaningReport.Reason::reason));
            done.add(new CleaningReport.Step(Cleaner.kind(steps.get(i)), List.copyOf(reasons)));
        }
        return new CleaningReport(in, left.count(), changed(left), malformed, done, null);
    }

    private static Column times(Edits.What what) {
        return sum(when(col("what").equalTo(what.ordinal()), 1L).otherwise(0L)).as(what.name());
    }

    /** The first of each cause, as one machine finds them: by the first row of their group, then by their own. */
    private Map<String, List<CleaningReport.Sample>> samples(Dataset<Row> edits, int samples) {
        Map<String, List<CleaningReport.Sample>> shown = new LinkedHashMap<>();
        for (Row row : edits.withColumn(
                        "place",
                        row_number()
                                .over(Window.partitionBy(CAUSE[0], CAUSE[1], CAUSE[2])
                                        .orderBy("rank", "position")))
                .filter(col("place").leq(samples))
                .orderBy("rank", "position")
                .select("step", "column", "reason", "source", "before", "after")
                .collectAsList()) {
            shown.computeIfAbsent(cause(row), cause -> new ArrayList<>())
                    .add(new CleaningReport.Sample(
                            row.getLong(3), names.get(row.getInt(1)), row.getString(4), row.getString(5)));
        }
        return shown;
    }

    private static String cause(Row row) {
        return row.getInt(0) + " " + row.getInt(1) + " " + row.getString(2);
    }

    private static long changed(Dataset<Row> left) {
        Row total = left.map(
                        (MapFunction<Row, Long>) row -> {
                            List<String> now = row.getList(2);
                            List<String> before = row.getList(3);
                            long changed = 0;
                            for (int c = 0; c < before.size(); c++) {
                                changed += Objects.equals(now.get(c), before.get(c)) ? 0 : 1;
                            }
                            return changed;
                        },
                        Encoders.LONG())
                .toDF("changed")
                .agg(coalesce(sum("changed"), lit(0L)))
                .head();
        return total.getLong(0);
    }
}

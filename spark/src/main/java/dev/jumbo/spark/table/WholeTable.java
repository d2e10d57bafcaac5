package dev.jumbo.spark.table;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.floor;
import static org.apache.spark.sql.functions.greatest;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.map_from_entries;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import dev.jumbo.data.clean.Cleaner;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.SameValue;
import dev.jumbo.data.clean.dates.ParseDate;
import dev.jumbo.data.clean.dates.Recognised;
import dev.jumbo.data.clean.expect.Expect;
import dev.jumbo.data.clean.merge.MergeSimilar;
import dev.jumbo.data.clean.steps.Dependency;
import dev.jumbo.data.clean.steps.Duplicates;
import dev.jumbo.data.clean.steps.MissingValues;
import dev.jumbo.data.clean.steps.Outliers;
import dev.jumbo.data.clean.steps.ParseNumber;
import dev.jumbo.data.table.NumberMarks;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.api.java.function.ReduceFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/** What a step has to know of the whole table, found out by Spark. */
final class WholeTable {
    private static final StructType KEYED = CleanRow.SCHEMA.add("key", DataTypes.StringType);

    private final Table header;

    /** @param header a table without rows */
    WholeTable(Table header) {
        this.header = header;
    }

    /**
     * A step made ready for parts.
     *
     * @param rows the table, with facts about each row where the step needs them
     * @param repair what is done to each part
     * @param step with what was found out about the table
     */
    record Ready(Dataset<Row> rows, Repair repair, CleaningStep step) {
        Ready(Dataset<Row> rows, Repair repair) {
            this(rows, repair, NONE);
        }
    }

    /** Of steps that stay what they are. */
    private static final CleaningStep NONE = Duplicates.rows();

    /** @throws InputException by name if a step cannot be run on parts of a table */
    static void requireKnown(List<CleaningStep> steps) {
        for (CleaningStep step : steps) {
            boolean proposes = step instanceof MergeSimilar merge && !merge.isLocal() && !merge.apply();
            if (step instanceof Expect || proposes) {
                throw new InputException(Cleaner.kind(step) + (proposes ? " without accepted or apply: true" : "")
                        + " is not for a cluster: leave it out there, and run prepare without --master on the cleaned"
                        + " table or a sample of it");
            }
        }
    }

    /** A step with what it finds out from the whole table. */
    CleaningStep fitted(CleaningStep step, Dataset<Row> rows) {
        if (!(step instanceof ParseNumber parse) || step.isLocal()) {
            return step;
        }
        Map<String, NumberMarks> shown = new TreeMap<>();
        String text = Repairs.text(step);
        for (String name : parse.columns()) {
            int column = header.indexOf(name);
            List<String> each = live(rows)
                    .mapPartitions(
                            (MapPartitionsFunction<Row, String>) part -> {
                                ParseNumber here = (ParseNumber) Repairs.read(CleaningStep.class, text);
                                NumberMarks marks = NumberMarks.NONE;
                                while (part.hasNext()) {
                                    Row row = part.next();
                                    boolean number =
                                            BitSet.valueOf((byte[]) row.get(7)).get(column);
                                    marks = marks.and(
                                            number
                                                    ? NumberMarks.NONE
                                                    : here.shown(row.<String>getList(2)
                                                            .get(column)));
                                }
                                return List.of(marks.name()).iterator();
                            },
                            Encoders.STRING())
                    .collectAsList();
            shown.put(name, each.stream().map(NumberMarks::valueOf).reduce(NumberMarks.NONE, NumberMarks::and));
        }
        return parse.fitted(shown);
    }

    Ready ready(CleaningStep step, Dataset<Row> rows) {
        Ready ready = made(step, rows);
        return ready.step() == NONE ? new Ready(ready.rows(), ready.repair(), step) : ready;
    }

    private Ready made(CleaningStep step, Dataset<Row> rows) {
        String text = Repairs.text(step);
        if (step.isLocal()) {
            return new Ready(rows, new Repairs.Local(text));
        }
        if (step instanceof MissingValues missing) {
            return new Ready(rows, new Repairs.Fill(text, fills(missing, rows)));
        }
        if (step instanceof Outliers outliers) {
            return fence(outliers, text, rows);
        }
        if (step instanceof Duplicates duplicates) {
            return new Ready(again(duplicates, rows), new Repairs.Again(text));
        }
        if (step instanceof Dependency dependency) {
            return new Ready(votes(dependency, rows), new Repairs.Vote(text));
        }
        if (step instanceof ParseDate dates) {
            Map<String, Recognised> seen = dates.recognisers();
            seen.forEach((name, recognised) -> live(rows)
                    .select(value(header.indexOf(name)))
                    .distinct()
                    .toLocalIterator()
                    .forEachRemaining(row -> recognised.add(row.getString(0))));
            return local(rows, dates.with(seen));
        }
        if (step instanceof MergeSimilar merge) {
            Map<String, Map<String, Long>> counts = new TreeMap<>();
            merge.columns().forEach(name -> {
                Map<String, Long> of = new TreeMap<>();
                live(rows)
                        .select(value(header.indexOf(name)).as("value"))
                        .filter(col("value").isNotNull())
                        .groupBy("value")
                        .agg(count(lit(1)).as("times"))
                        .toLocalIterator()
                        .forEachRemaining(row -> of.put(row.getString(0), row.getLong(1)));
                counts.put(name, of);
            });
            return local(rows, merge.with(merge.proposals(counts)));
        }
        throw new IllegalStateException("no way to run " + step + " on parts of a table");
    }

    private static Ready local(Dataset<Row> rows, CleaningStep fitted) {
        return new Ready(rows, new Repairs.Local(Repairs.text(fitted)), fitted);
    }

    private Map<Integer, String> fills(MissingValues step, Dataset<Row> rows) {
        Dataset<Row> live = live(rows);
        Map<Integer, String> fills = new TreeMap<>();
        for (int column : positions(step.columns())) {
            if (live.filter(value(column).isNull()).isEmpty()) {
                continue;
            }
            String name = header.names().get(column);
            fills.put(
                    column,
                    step.fill() == MissingValues.Fill.MODE
                            ? mode(live, column, name)
                            : number(step, live, column, name));
        }
        return fills;
    }

    private static String number(MissingValues step, Dataset<Row> live, int column, String name) {
        ColumnNumbers numbers = ColumnNumbers.of(live, column);
        try {
            if (numbers.size() == 0) {
                throw step.noNumbers(name);
            }
            double filled =
                    step.fill() == MissingValues.Fill.MEAN ? numbers.moments().mean() : numbers.quantile(0.5);
            return Numbers.format(filled);
        } finally {
            numbers.release();
        }
    }

    /** The most frequent text, of equally frequent ones the first in the order of Java, which is not Spark's. */
    private static String mode(Dataset<Row> live, int column, String name) {
        Dataset<Tuple2<String, Long>> counts = live.select(value(column).as("value"))
                .filter(col("value").isNotNull())
                .groupBy("value")
                .agg(count(lit(1)).as("times"))
                .map(
                        (MapFunction<Row, Tuple2<String, Long>>) row -> new Tuple2<>(row.getString(0), row.getLong(1)),
                        Encoders.tuple(Encoders.STRING(), Encoders.LONG()));
        if (counts.isEmpty()) {
            throw MissingValues.noValues(name);
        }
        return counts.reduce((ReduceFunction<Tuple2<String, Long>>) (a, b) -> {
                    int order = Long.compare(b._2(), a._2());
                    return order < 0 || order == 0 && a._1().compareTo(b._1()) <= 0 ? a : b;
                })
                ._1();
    }

    private Ready fence(Outliers step, String text, Dataset<Row> rows) {
        Map<Integer, Repairs.Limits> limits = new TreeMap<>();
        for (int column : positions(step.columns())) {
            ColumnNumbers numbers = ColumnNumbers.of(live(rows), column);
            if (numbers.size() > 0) {
                Outliers.Bounds bounds = bounds(step, numbers);
                limits.put(
                        column,
                        new Repairs.Limits(bounds.low(), bounds.high(), numbers.quantile(0), numbers.quantile(1)));
            } else {
                limits.put(column, new Repairs.Limits(Double.NaN, Double.NaN, Double.NaN, Double.NaN));
            }
            numbers.release();
        }
        return new Ready(rows, new Repairs.Fence(text, limits));
    }

    private static Outliers.Bounds bounds(Outliers step, ColumnNumbers numbers) {
        return switch (step.method()) {
            case Z_SCORE -> step.byDeviation(numbers.moments());
            case IQR -> step.byQuartiles(numbers.quantile(0.25), numbers.quantile(0.75));
            case MAD -> {
                double median = numbers.quantile(0.5);
                yield step.byMedian(median, numbers.medianDistance(median));
            }
        };
    }

    /** Only keys that are there twice are joined. */
    private Dataset<Row> again(Duplicates step, Dataset<Row> rows) {
        int[] columns = positions(step.key());
        boolean[] numbers = new boolean[columns.length];
        for (int i = 0; i < columns.length; i++) {
            numbers[i] = live(rows)
                    .select(value(columns[i]).as("value"))
                    .filter(col("value").isNotNull())
                    .as(Encoders.STRING())
                    .filter((FilterFunction<String>) text -> !SameValue.mayBeNumber(text))
                    .isEmpty();
        }
        Dataset<Row> keyed = keyed(rows, columns, numbers, true);
        Dataset<Row> twice = keyed.filter(col("key").isNotNull())
                .groupBy("key")
                .agg(min("position").as("least"), count(lit(1)).as("times"))
                .filter(col("times").gt(1));
        Column[] all = columns(
                lit(null).cast(DataTypes.createArrayType(DataTypes.StringType)).as("votes"),
                lit(0L).as("rank"),
                coalesce(col("position").notEqual(col("least")), lit(false)).as("again"));
        return keyed.join(twice, "key", "left").select(all);
    }

    private Dataset<Row> votes(Dependency step, Dataset<Row> rows) {
        int[] columns = positions(step.key());
        Dataset<Row> keyed = keyed(rows, columns, new boolean[columns.length], false);
        Dataset<Row> there = keyed.filter(col("key").isNotNull());
        Dataset<Row> firsts = there.groupBy("key").agg(min("position").as("rank"));
        int[] dependent = positions(step.columns());
        Dataset<Row> counts = null;
        for (int i = 0; i < dependent.length; i++) {
            Dataset<Row> one = there.select(
                            col("key"), lit(i).as("column"), value(dependent[i]).as("value"))
                    .filter(col("value").isNotNull())
                    .groupBy("key", "column", "value")
                    .agg(count(lit(1)).as("times"));
            counts = counts == null ? one : counts.union(one);
        }
        if (counts == null) {
            throw new IllegalStateException("a dependency has columns");
        }
        Column needed = greatest(
                lit((long) step.minCount()),
                floor(col("present").cast(DataTypes.DoubleType).multiply(lit(step.minShare())))
                        .plus(lit(1L)));
        Dataset<Row> majorities = counts.groupBy("key", "column", "times")
                .agg(count(lit(1)).as("equals"), first("value").as("value"))
                .groupBy("key", "column")
                .agg(
                        max(struct(col("times"), col("equals"), col("value"))).as("best"),
                        sum(col("times").multiply(col("equals"))).as("present"),
                        sum(col("equals")).as("different"))
                .withColumn(
                        "vote",
                        when(
                                        col("best.equals")
                                                .equalTo(1)
                                                .and(col("best.times").geq(needed)),
                                        concat(lit(Repairs.Vote.MAJORITY), col("best.value")))
                                .when(col("different").gt(1), lit(Repairs.Vote.UNDECIDED)))
                .filter(col("vote").isNotNull())
                .groupBy("key")
                .agg(map_from_entries(collect_list(struct(col("column"), col("vote"))))
                        .as("found"));
        Column[] each = IntStream.range(0, dependent.length)
                .mapToObj(i -> col("found").getItem(lit(i)))
                .toArray(Column[]::new);
        return keyed.join(majorities.join(firsts, "key"), "key", "left")
                .select(columns(array(each).as("votes"), col("rank"), lit(false).as("again")));
    }

    private static Column[] columns(Column... facts) {
        return Stream.concat(Arrays.stream(CleanRow.SCHEMA.fieldNames()).map(name -> col(name)), Arrays.stream(facts))
                .toArray(Column[]::new);
    }

    /** With a text that is equal where the values of some columns are; null for rows that are out, or where one is missing. */
    private static Dataset<Row> keyed(Dataset<Row> rows, int[] columns, boolean[] numbers, boolean missingToo) {
        return rows.map(
                (MapFunction<Row, Row>) row -> {
                    Object[] all = new Object[KEYED.size()];
                    for (int i = 0; i < CleanRow.SCHEMA.size(); i++) {
                        all[i] = row.get(i);
                    }
                    all[all.length - 1] = row.getBoolean(4) ? null : key(row.getList(2), columns, numbers, missingToo);
                    return RowFactory.create(all);
                },
                Encoders.row(KEYED));
    }

    private static @Nullable String key(List<String> values, int[] columns, boolean[] numbers, boolean missingToo) {
        StringBuilder key = new StringBuilder();
        for (int i = 0; i < columns.length; i++) {
            String text = SameValue.key(values.get(columns[i]), numbers[i]);
            if (text == null && !missingToo) {
                return null;
            }
            key.append(text == null ? "-" : text.length() + ":" + text).append(',');
        }
        return key.toString();
    }

    private static Dataset<Row> live(Dataset<Row> rows) {
        return rows.filter(col("dropped").equalTo(false));
    }

    private static Column value(int column) {
        return col("values").getItem(column);
    }

    private int[] positions(List<String> names) {
        return CleaningStep.positions(header, names);
    }
}

package dev.jumbo.spark.table;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import dev.jumbo.data.Moments;
import dev.jumbo.data.clean.steps.Quantiles;
import dev.jumbo.data.table.Numbers;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/**
 * The finite numbers of a column in ascending order. Spark counts and sorts the different ones; they then pass by on the driver,
 * one after the other and none kept, in the order in which one machine adds them up: mean and deviation have the same
 * bits, and quantiles the same definition.
 */
final class ColumnNumbers {
    private final Dataset<Row> counted;
    private final long size;

    private ColumnNumbers(Dataset<Row> counted) {
        this.counted = counted.orderBy("number").cache();
        Row total = this.counted.agg(sum("times")).head();
        size = total.isNullAt(0) ? 0 : total.getLong(0);
    }

    /** @param rows live rows as {@link CleanRow#SCHEMA} */
    static ColumnNumbers of(Dataset<Row> rows, int column) {
        Dataset<Row> numbers = rows.flatMap(
                        (FlatMapFunction<Row, Double>) row -> {
                            String text = row.<String>getList(2).get(column);
                            double number = text == null ? Double.NaN : Numbers.parse(text);
                            return (Double.isFinite(number) ? Set.of(number) : Set.<Double>of()).iterator();
                        },
                        Encoders.DOUBLE())
                .toDF("number");
        return new ColumnNumbers(numbers.groupBy("number").agg(sum(lit(1L)).as("times")));
    }

    long size() {
        return size;
    }

    Moments moments() {
        Moments moments = new Moments();
        for (Iterator<Row> rows = counted.toLocalIterator(); rows.hasNext(); ) {
            Row row = rows.next();
            for (long i = 0; i < row.getLong(1); i++) {
                moments.add(row.getDouble(0));
            }
        }
        return moments;
    }

    double quantile(double share) {
        Map<Long, Double> found = new HashMap<>();
        Set<Long> wanted = new TreeSet<>();
        Quantiles.of(
                size,
                rank -> {
                    wanted.add(rank);
                    return 0;
                },
                share);
        long before = 0;
        Iterator<Row> rows = counted.toLocalIterator();
        while (rows.hasNext() && found.size() < wanted.size()) {
            Row row = rows.next();
            long behind = before + row.getLong(1);
            for (long rank : wanted) {
                if (rank >= before && rank < behind) {
                    found.put(rank, row.getDouble(0));
                }
            }
            before = behind;
        }
        return Quantiles.of(size, rank -> found.getOrDefault(rank, Double.NaN), share);
    }

    /** The median distance from a number. */
    double medianDistance(double centre) {
        ColumnNumbers distances = new ColumnNumbers(
                counted.select(abs(col("number").minus(lit(centre))).as("number"), col("times"))
                        .groupBy("number")
                        .agg(sum("times").as("times")));
        try {
            return distances.quantile(0.5);
        } finally {
            distances.release();
        }
    }

    void release() {
        counted.unpersist();
    }
}

package dev.jumbo.spark.table;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;

import dev.jumbo.data.clean.CleaningAgreement;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * How far cleaning agrees with a clean copy: what {@link CleaningAgreement#of} counts, with joins in place of maps.
 *
 * @param copy rows of the clean copy as {@link CleanRow#SCHEMA}
 * @param key the column that is different in each row
 * @param column its position
 */
record Comparison(Dataset<Row> copy, String key, int column) {
    private static final StructType COUNTS = new StructType()
            .add("errors", DataTypes.LongType)
            .add("changed", DataTypes.LongType)
            .add("detected", DataTypes.LongType)
            .add("repaired", DataTypes.LongType)
            .add("wrongly_changed", DataTypes.LongType);

    /**
     * Compares.
     *
     * @param table cleaned rows as {@link CleanRow#SCHEMA}, those that were dropped among them
     * @throws dev.jumbo.error.InputException if a key is not unique or not known
     */
    CleaningAgreement of(Dataset<Row> table) {
        Dataset<Row> right = unique(copy).select(col("id"), col("values").as("right"));
        Dataset<Row> after = unique(table.filter(col("dropped").equalTo(false)))
                .select(col("id"), col("values").as("after"));
        Dataset<Row> joined = table.select(col("position"), id("before"), col("before"))
                .join(right, "id", "left")
                .join(after, "id", "left")
                .cache();
        try {
            joined.filter(col("right").isNull()).orderBy("position").select("id").takeAsList(1).stream()
                    .findFirst()
                    .ifPresent(row -> {
                        throw CleaningAgreement.noRow(key, row.getString(0));
                    });
            return joined
                    .select("before", "after", "right")
                    .mapPartitions(
                            (MapPartitionsFunction<Row, Row>) rows -> {
                                CleaningAgreement sum = CleaningAgreement.NONE;
                                while (rows.hasNext()) {
                                    Row row = rows.next();
                                    List<String> cleaned = row.isNullAt(1) ? null : row.getList(1);
                                    sum = sum.plus(CleaningAgreement.ofRow(row.getList(0), cleaned, row.getList(2)));
                                }
                                return List.of(row(sum)).iterator();
                            },
                            Encoders.row(COUNTS))
                    .collectAsList()
                    .stream()
                    .map(Comparison::agreement)
                    .reduce(CleaningAgreement.NONE, CleaningAgreement::plus);
        } finally {
            joined.unpersist();
        }
    }

    private static Row row(CleaningAgreement counts) {
        return RowFactory.create(
                counts.errors(), counts.changed(), counts.detected(), counts.repaired(), counts.wronglyChanged());
    }

    private static CleaningAgreement agreement(Row row) {
        return new CleaningAgreement(row.getLong(0), row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
    }

    /** The value of the key as text; a missing one is a key too. */
    private Column id(String values) {
        return coalesce(col(values).getItem(column), lit("null")).as("id");
    }

    private Dataset<Row> unique(Dataset<Row> rows) {
        Dataset<Row> keyed = rows.select(col("position"), id("values"), col("values"));
        keyed
                .withColumn("time", row_number().over(Window.partitionBy("id").orderBy("position")))
                .filter(col("time").equalTo(2))
                .orderBy("position")
                .select("id")
                .takeAsList(1)
                .stream()
                .findFirst()
                .ifPresent(row -> {
                    throw CleaningAgreement.twice(key, row.getString(0));
                });
        return keyed;
    }
}

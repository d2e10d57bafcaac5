package dev.jumbo.spark.image;

import static org.apache.spark.sql.functions.col;

import dev.jumbo.data.shards.TarManifest;
import dev.jumbo.data.shards.TarShard;
import dev.jumbo.data.shards.TarShardWriter;
import dev.jumbo.spark.corpus.shard.ShardPlan;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Writes images in the order of their places into tar shards of about equal size. */
final class ImageShards {
    private static final StructType IN_SHARD = new StructType()
            .add("shard", DataTypes.IntegerType, false)
            .add("place", DataTypes.LongType, false)
            .add("id", DataTypes.LongType, false)
            .add("label", DataTypes.StringType, false)
            .add("png", DataTypes.BinaryType, false);

    private static final StructType ENTRY = new StructType()
            .add("name", DataTypes.StringType, false)
            .add("examples", DataTypes.LongType, false)
            .add("bytes", DataTypes.LongType, false)
            .add("sha256", DataTypes.StringType, false);

    /** What a tar has besides its examples: the empty blocks at its end. */
    private static final long END_BYTES = 1024;

    private ImageShards() {}

    /**
     * Writes all shards and their manifest.
     *
     * @param kept rows of {@link Example}
     * @param classes names in the order of their numbers; empty where labels are numbers
     * @param directory new, on a file system that all machines share
     * @param limit bytes of a shard
     */
    static TarManifest write(Dataset<Row> kept, List<String> classes, Path directory, long seed, long limit) {
        ShardPlan plan = ShardPlan.of(
                kept,
                limit - END_BYTES,
                id -> kept.filter(col("id").equalTo(id)).select("source").head().getString(0));
        String dir = directory.toString();
        List<TarShard> shards = kept
                .map((MapFunction<Row, Row>) row -> inShard(row, plan, classes), Encoders.row(IN_SHARD))
                .repartition(col("shard"))
                .sortWithinPartitions("shard", "place", "id")
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) rows -> writeSorted(rows, Path.of(dir), limit),
                        Encoders.row(ENTRY))
                .collectAsList()
                .stream()
                .map(row -> new TarShard(row.getString(0), row.getLong(1), row.getLong(2), row.getString(3)))
                .toList();
        return TarManifest.publish(directory, classes, seed, shards);
    }

    private static Row inShard(Row row, ShardPlan plan, List<String> classes) {
        long id = row.getAs("id");
        long place = row.getAs("place");
        String label = row.getAs("label");
        String number = classes.isEmpty() ? label : String.valueOf(classes.indexOf(label));
        return RowFactory.create(plan.shard(place, id), place, id, number, row.getAs("png"));
    }

    /** Several shards may lie in a partition, one after the other. @return their entries in the manifest */
    private static Iterator<Row> writeSorted(Iterator<Row> rows, Path directory, long limit) {
        List<Row> entries = new ArrayList<>();
        int number = -1;
        TarShardWriter shard = null;
        try {
            while (rows.hasNext()) {
                Row row = rows.next();
                if (shard == null || row.getInt(0) != number) {
                    finish(shard, entries);
                    number = row.getInt(0);
                    shard = TarShardWriter.create(directory, number, limit);
                }
                byte[] label = row.getString(3).getBytes(StandardCharsets.UTF_8);
                shard.add(
                        String.format(Locale.ROOT, "%012d", row.getLong(2)), Map.of("cls", label, "png", row.getAs(4)));
            }
            finish(shard, entries);
        } finally {
            if (shard != null) {
                shard.close();
            }
        }
        return entries.iterator();
    }

    private static void finish(@Nullable TarShardWriter shard, List<Row> entries) {
        if (shard != null) {
            TarShard entry = shard.finish();
            shard.close();
            entries.add(RowFactory.create(entry.name(), entry.examples(), entry.bytes(), entry.sha256()));
        }
    }
}

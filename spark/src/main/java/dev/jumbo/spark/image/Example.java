package dev.jumbo.spark.image;

import dev.jumbo.spark.corpus.document.Fate;
import dev.jumbo.spark.corpus.shard.ShardPlan;
import java.util.Map;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/** Rows of images on their way into shards, with the columns that reports count. */
final class Example {
    private static final int BLOCK = 512;

    /**
     * {@code id} is unique and depends on the input alone, {@code place} is that in the shuffled order, {@code size} what
     * the example takes in a tar, {@code png} the resized image, empty where there is none.
     */
    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.LongType, false)
            .add("place", DataTypes.LongType, false)
            .add("size", DataTypes.LongType, false)
            .add("source", DataTypes.StringType, false)
            .add("label", DataTypes.StringType, false)
            .add("png", DataTypes.BinaryType, false)
            .add("fate", DataTypes.StringType, false)
            .add("reason", DataTypes.StringType, false)
            .add("detail", DataTypes.StringType, false)
            .add("excerpt", DataTypes.StringType, false)
            .add("bytes_in", DataTypes.LongType, false)
            .add("bytes", DataTypes.LongType, false)
            .add("counts", DataTypes.createMapType(DataTypes.StringType, DataTypes.LongType, false), false);

    private Example() {}

    static StructType schema() {
        return SCHEMA;
    }

    static Encoder<Row> encoder() {
        return Encoders.row(SCHEMA);
    }

    /** @param bytes of the file as it was */
    static Row kept(long id, long seed, String source, String label, byte[] png, long bytes) {
        long size = 3L * BLOCK + (png.length + BLOCK - 1) / BLOCK * BLOCK;
        return row(id, ShardPlan.place(id, seed), size, source, label, png, Fate.KEPT, "", "", bytes);
    }

    static Row bad(long id, String source, String reason, String detail, long bytes) {
        return row(id, 0, 0, source, "", new byte[0], Fate.QUARANTINED, reason, detail, bytes);
    }

    private static Row row(
            long id,
            long place,
            long size,
            String source,
            String label,
            byte[] png,
            Fate fate,
            String reason,
            String detail,
            long bytes) {
        return RowFactory.create(
                id,
                place,
                size,
                source,
                label,
                png,
                fate.name(),
                reason,
                detail,
                "",
                bytes,
                (long) png.length,
                CollectionConverters.asScala(Map.<String, Long>of()));
    }
}

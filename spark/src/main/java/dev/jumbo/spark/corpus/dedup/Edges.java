package dev.jumbo.spark.corpus.dedup;

import dev.jumbo.spark.Directories;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Edges between documents: rows of the larger and the smaller id. */
public final class Edges {
    /** Column of the larger id. */
    public static final String FROM = "from";
    /** Column of the smaller id. */
    public static final String TO = "to";

    private Edges() {}

    static StructType schema() {
        return new StructType().add(FROM, DataTypes.LongType, false).add(TO, DataTypes.LongType, false);
    }

    static Encoder<Row> encoder() {
        return Encoders.row(schema());
    }

    /** Writes edges, so that they are computed once. @return what was written */
    public static Dataset<Row> save(Dataset<Row> edges, Path directory) {
        String path = Directories.forSpark(directory.toAbsolutePath());
        edges.write().mode(SaveMode.Overwrite).option("compression", "zstd").parquet(path);
        return edges.sparkSession().read().schema(schema()).parquet(path);
    }

    static Row row(long from, long to) {
        return RowFactory.create(from, to);
    }
}

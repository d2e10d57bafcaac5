package dev.jumbo.spark.corpus.dedup;

import static org.apache.spark.sql.functions.col;

import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.dedup.MinHash;
import dev.jumbo.spark.text.dedup.Shingles;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import org.apache.spark.api.java.function.FilterFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Edges whose documents really are as similar as wanted, by the exact Jaccard similarity of their shingles. Only documents
 * with an edge are shuffled.
 */
public final class Similarity {
    private static final StructType SHINGLES =
            new StructType().add("document", DataTypes.LongType, false).add("shingles", DataTypes.BinaryType, false);

    private Similarity() {}

    /**
     * The edges of at least a similarity. An edge leads to the smallest document of a group, so two documents that are
     * similar to each other but not to that one lose their connection through this group; with bands of eight hashes that
     * needs a third document under the limit, which is rare.
     *
     * @param edges without repeats
     * @param documents columns {@code id} and {@code text}
     */
    public static Dataset<Row> atLeast(double limit, Dataset<Row> edges, Dataset<Row> documents, MinHash minHash) {
        Dataset<Row> involved = edges.select(col(Edges.FROM).as("document"))
                .union(edges.select(col(Edges.TO).as("document")))
                .distinct();
        Dataset<Row> sets = documents
                .join(involved, documents.col("id").equalTo(involved.col("document")), "left_semi")
                .select("id", "text")
                .map((MapFunction<Row, Row>) row -> shingles(row, minHash), Encoders.row(SHINGLES));
        Dataset<Row> left = sets.toDF("a", "a_shingles");
        Dataset<Row> right = sets.toDF("b", "b_shingles");
        return edges.join(left, col(Edges.FROM).equalTo(col("a")))
                .join(right, col(Edges.TO).equalTo(col("b")))
                .select(Edges.FROM, Edges.TO, "a_shingles", "b_shingles")
                .filter((FilterFunction<Row>) row -> jaccard(row.getAs(2), row.getAs(3)) >= limit)
                .select(Edges.FROM, Edges.TO);
    }

    private static Row shingles(Row row, MinHash minHash) {
        Document document = Document.of("", row.getString(1));
        long[] set = minHash.shingles(document.normalWords()).toArray();
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * set.length);
        bytes.asLongBuffer().put(set);
        return RowFactory.create(row.getLong(0), bytes.array());
    }

    private static double jaccard(byte[] a, byte[] b) {
        return shingles(a).jaccard(shingles(b));
    }

    private static Shingles shingles(byte[] bytes) {
        LongBuffer longs = ByteBuffer.wrap(bytes).asLongBuffer();
        long[] set = new long[longs.remaining()];
        longs.get(set);
        return Shingles.of(set);
    }
}

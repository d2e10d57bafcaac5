package dev.jumbo.spark.corpus.stage;

import static org.apache.spark.sql.functions.col;

import dev.jumbo.spark.corpus.dedup.Edges;
import dev.jumbo.spark.corpus.document.Entry;
import java.nio.file.Path;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/**
 * Takes out documents that have an edge to the one that is kept in their place. While the edges are few, every task gets
 * all of them, and no text is shuffled.
 */
final class Duplicates {
    /** Edges that go to every executor: Spark's table of them takes about 64 bytes each, 128 MB in all. */
    private static final long MOST_BROADCAST = 1 << 21;

    private Duplicates() {}

    /**
     * The documents, those with an edge dropped.
     *
     * @param edges one at most for each document
     * @param work a directory that every machine can reach
     */
    static Dataset<Row> drop(Dataset<Row> documents, Dataset<Row> edges, String reason, Path work) {
        return drop(documents, Edges.save(edges, work.resolve("dropped")), reason, MOST_BROADCAST);
    }

    static Dataset<Row> drop(Dataset<Row> documents, Dataset<Row> saved, String reason, long mostBroadcast) {
        int kept = Entry.schema().size() + 1;
        Dataset<Row> edges = saved.count() <= mostBroadcast ? functions.broadcast(saved) : saved;
        return documents
                .join(edges, documents.col("id").equalTo(col(Edges.FROM)), "left")
                .map(
                        (MapFunction<Row, Row>) row -> {
                            Entry entry = Entry.of(row);
                            return row.isNullAt(kept)
                                    ? entry.row()
                                    : entry.dropped(reason, "like document " + row.getLong(kept))
                                            .row();
                        },
                        Entry.encoder());
    }
}

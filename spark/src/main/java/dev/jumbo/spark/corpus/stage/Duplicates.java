package dev.jumbo.spark.corpus.stage;

import static org.apache.spark.sql.functions.col;

import dev.jumbo.spark.corpus.dedup.Edges;
import dev.jumbo.spark.corpus.document.Entry;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Takes out documents that have an edge to the one that is kept in their place. */
final class Duplicates {
    private Duplicates() {}

    /** @param edges one at most for each document */
    static Dataset<Row> drop(Dataset<Row> documents, Dataset<Row> edges, String reason) {
        int kept = Entry.schema().size() + 1;
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

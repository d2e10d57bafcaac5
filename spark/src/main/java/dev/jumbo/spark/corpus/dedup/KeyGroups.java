package dev.jumbo.spark.corpus.dedup;

import static org.apache.spark.sql.functions.col;

import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Documents that share a key, as edges to the smallest of them. */
public final class KeyGroups {
    /** Column of the document. */
    public static final String ID = "id";

    private KeyGroups() {}

    /**
     * Edges of each document to the smallest one with the same key; of several keys that give the same edge, one stays.
     *
     * @param keyed rows of the key in one or two columns of whole numbers, and behind them the document's {@value #ID}
     */
    public static Dataset<Row> edges(Dataset<Row> keyed) {
        String[] columns = keyed.columns();
        int keys = columns.length - 1;
        Column[] key = Arrays.stream(columns).limit(keys).map(c -> col(c)).toArray(Column[]::new);
        Column[] order = Arrays.stream(columns).map(c -> col(c)).toArray(Column[]::new);
        return keyed.repartition(key)
                .sortWithinPartitions(order)
                .mapPartitions((MapPartitionsFunction<Row, Row>) rows -> new ToSmallest(rows, keys), Edges.encoder())
                .distinct();
    }

    /** Of rows sorted by key and document. */
    private static final class ToSmallest extends Streamed {
        private final int keys;
        private final long[] key;
        private boolean any;
        private long smallest;

        ToSmallest(Iterator<Row> rows, int keys) {
            super(rows);
            this.keys = keys;
            key = new long[keys];
        }

        @Override
        @Nullable
        Row step(Row row) {
            long id = row.getLong(keys);
            if (!any || !isSame(row)) {
                any = true;
                smallest = id;
                for (int i = 0; i < keys; i++) {
                    key[i] = row.getLong(i);
                }
                return null;
            }
            return id == smallest ? null : Edges.row(id, smallest);
        }

        private boolean isSame(Row row) {
            for (int i = 0; i < keys; i++) {
                if (key[i] != row.getLong(i)) {
                    return false;
                }
            }
            return true;
        }
    }
}

package dev.jumbo.spark.corpus.dedup;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** Rows made of other rows one after the other, of which some give none. */
abstract class Streamed implements Iterator<Row> {
    private final Iterator<Row> rows;
    private @Nullable Row next;

    Streamed(Iterator<Row> rows) {
        this.rows = rows;
    }

    /** What a row gives, or null. */
    abstract @Nullable Row step(Row row);

    @Override
    public final boolean hasNext() {
        while (next == null && rows.hasNext()) {
            next = step(rows.next());
        }
        return next != null;
    }

    @Override
    public final Row next() {
        if (!hasNext() || next == null) {
            throw new NoSuchElementException();
        }
        Row result = next;
        next = null;
        return result;
    }
}

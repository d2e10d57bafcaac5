package dev.jumbo.data.table.read;

import dev.jumbo.data.table.ColumnNote;
import java.io.Closeable;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a source, one after the other, none kept. */
public interface TableReader extends Closeable {
    /** Names of the columns. */
    List<String> names();

    /** What the source says of a column beyond the values that were read so far; null: nothing. */
    default @Nullable ColumnNote note(int column) {
        return null;
    }

    /** The next good row, or null at the end; records that cannot be read went to the quarantine. */
    @Nullable
    Entry next() throws IOException;

    /**
     * A row.
     *
     * @param row its number in the source: the line where it began in a text file, its position from 1 elsewhere
     * @param values as many as names; null is missing
     * @param numbers positions of the values that the source has as numbers, and not as texts of them
     */
    record Entry(long row, List<@Nullable String> values, BitSet numbers) {
        /** All values are texts. */
        public Entry(long row, List<@Nullable String> values) {
            this(row, values, new BitSet(0));
        }
    }
}

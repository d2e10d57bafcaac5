package dev.jumbo.data.table.read;

import dev.jumbo.data.table.Table;
import java.util.List;

/** Where a table comes from. Records with a {@link dev.jumbo.config.Kind}: {@code csv: {path: ...}}. */
public sealed interface TableSource permits ParquetFile, StreamedSource {
    /** What messages call it: the file, or the address of the database. */
    String name();

    /** Texts that stand for a missing value. */
    List<String> missing();

    /**
     * Reads the whole table.
     *
     * @param malformed receives the records that cannot be read
     * @throws dev.jumbo.error.InputException if there is no such file, or if too many records are malformed
     */
    Table read(Quarantine malformed);
}

package dev.jumbo.data.table;

import java.nio.file.Path;

/** Where a table comes from. Records with a {@link dev.jumbo.config.Kind}: {@code csv: {path: ...}}. */
public sealed interface TableSource permits CsvFile, ParquetFile, TextLines {
    /** The file. */
    Path path();

    /**
     * Reads the whole table.
     *
     * @param malformed receives the records that cannot be read
     * @throws dev.jumbo.error.InputException if there is no such file, or if too many records are malformed
     */
    Table read(Quarantine malformed);
}

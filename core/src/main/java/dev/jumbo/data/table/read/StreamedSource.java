package dev.jumbo.data.table.read;

import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TextColumn;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A source of texts that is read row by row, from its beginning to its end. */
public sealed interface StreamedSource extends TableSource permits ArffFile, CsvFile, JdbcQuery, JsonLines, TextLines {
    /** Begins to read. @param malformed receives the records that cannot be read */
    TableReader open(Quarantine malformed);

    /**
     * Whether so many records are malformed that the rest is not worth having.
     *
     * @param first the first one, or null
     * @param details where all are, for the message, or empty
     * @throws InputException if there are too many
     */
    void requireGood(long malformed, long good, @Nullable Malformed first, String details);

    @Override
    default Table read(Quarantine malformed) {
        long badBefore = malformed.count();
        try (TableReader reader = open(malformed)) {
            List<TextColumn> columns = new ArrayList<>();
            reader.names().forEach(name -> columns.add(TextColumn.empty()));
            SourceRows rows = new SourceRows();
            for (TableReader.Entry entry = reader.next(); entry != null; entry = reader.next()) {
                for (int c = 0; c < columns.size(); c++) {
                    columns.get(c).add(entry.values().get(c), entry.numbers().get(c));
                }
                rows.add(entry.row());
            }
            for (int c = 0; c < columns.size(); c++) {
                columns.get(c).with(reader.note(c));
            }
            Malformed first =
                    malformed.samples().isEmpty() ? null : malformed.samples().get(0);
            requireGood(
                    malformed.count() - badBefore,
                    rows.size(),
                    first,
                    malformed.file() == null ? "" : "; see " + malformed.file());
            return Table.of(reader.names(), columns, rows.toArray());
        } catch (IOException e) {
            throw TextFile.failure(name(), e);
        }
    }
}

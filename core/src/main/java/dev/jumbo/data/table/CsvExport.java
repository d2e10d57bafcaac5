package dev.jumbo.data.table;

import de.siegmar.fastcsv.writer.CsvWriter;
import dev.jumbo.data.table.read.CsvFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Tables as files that {@link CsvFile#of} reads: a header, commas, double quotes, UTF-8; a missing value is empty. */
public final class CsvExport {
    private CsvExport() {}

    /** Writes a whole table; a file that is there is replaced. */
    public static void write(Table table, Path file) throws IOException {
        try (CsvWriter writer = CsvWriter.builder().build(file)) {
            writer.writeRecord(table.names());
            List<String> record = new ArrayList<>();
            for (int row = 0; row < table.rows(); row++) {
                record.clear();
                for (TableColumn column : table.columns()) {
                    String text = column.text(row);
                    record.add(text == null ? "" : text);
                }
                writer.writeRecord(record);
            }
        }
    }
}

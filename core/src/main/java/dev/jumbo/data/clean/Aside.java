package dev.jumbo.data.clean;

import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row that was put aside.
 *
 * @param row its number in the source
 * @param names of the columns
 * @param values when it was put aside; null: missing
 */
public record Aside(long row, String reason, List<String> names, List<@Nullable String> values) {
    /** Writes rows as CSV: their number, the reason, and the values by the longest list of columns among them. */
    public static void write(List<Aside> rows, Path file) throws IOException {
        List<String> names = new ArrayList<>();
        rows.forEach(row -> row.names().stream().filter(n -> !names.contains(n)).forEach(names::add));
        try (CsvWriter writer = CsvWriter.builder().build(file)) {
            List<String> header = new ArrayList<>(List.of("row", "reason"));
            header.addAll(names);
            writer.writeRecord(header);
            for (Aside row : rows) {
                List<String> values = new ArrayList<>(List.of(String.valueOf(row.row()), row.reason()));
                for (String name : names) {
                    int at = row.names().indexOf(name);
                    String value = at < 0 ? null : row.values().get(at);
                    values.add(value == null ? "" : value);
                }
                writer.writeRecord(values);
            }
        }
    }
}

package dev.jumbo.data.clean.text;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A map of values as a CSV file in UTF-8: the header {@code from,to}, then a value and what it becomes in each line. */
final class ValueMapFile {
    private static final List<String> HEADER = List.of("from", "to");

    private ValueMapFile() {}

    /** @throws InputException if the file is not there or not one of this form, or gives a value two meanings */
    static Map<String, String> read(Path file) {
        Map<String, String> map = new LinkedHashMap<>();
        boolean headed = false;
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(file)) {
            for (CsvRecord row : reader) {
                if (row.getFieldCount() != 2 || !headed && !HEADER.equals(fields(row))) {
                    throw new InputException(file + ":" + row.getStartingLineNumber()
                            + ": expected the header from,to and two values in each line, received " + row.getFields());
                }
                if (headed) {
                    String before = map.putIfAbsent(row.getField(0), row.getField(1));
                    if (before != null && !before.equals(row.getField(1))) {
                        throw new InputException(file + ":" + row.getStartingLineNumber() + ": \"" + row.getField(0)
                                + "\" becomes \"" + row.getField(1) + "\" here and \"" + before
                                + "\" further up; leave one out");
                    }
                }
                headed = true;
            }
        } catch (IOException | UncheckedIOException | CsvParseException e) {
            throw new InputException(
                    "cannot read the map " + file + ": " + e + "; expected a CSV file in UTF-8 with the"
                            + " header from,to",
                    e);
        }
        if (map.isEmpty()) {
            throw new InputException(file + ": expected values behind the header from,to, found none");
        }
        return map;
    }

    /** Without the mark that spreadsheets put in front of UTF-8. */
    private static List<String> fields(CsvRecord row) {
        return row.getFields().stream()
                .map(name -> name.replace("\ufeff", "").strip())
                .toList();
    }
}

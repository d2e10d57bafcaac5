package dev.jumbo.data.clean.merge;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import dev.jumbo.data.clean.Proposal;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Proposals as a CSV file in UTF-8 with the header {@code column,from,to,rows,to_rows,why,accept}. {@code accept} is no until
 * somebody says yes; {@code to} may be changed.
 */
public final class Merges {
    private static final List<String> HEADER = List.of("column", "from", "to", "rows", "to_rows", "why", "accept");

    private Merges() {}

    /** Writes proposals, none of them accepted. */
    public static void write(List<Proposal> proposals, Path file) throws IOException {
        try (CsvWriter writer = CsvWriter.builder().build(file)) {
            writer.writeRecord(HEADER);
            for (Proposal p : proposals) {
                writer.writeRecord(
                        p.column(),
                        p.from(),
                        p.to(),
                        String.valueOf(p.rows()),
                        String.valueOf(p.toRows()),
                        p.why(),
                        "no");
            }
        }
    }

    /**
     * What was accepted for some columns.
     *
     * @throws InputException if the file is not there or not one of this form, or nothing in it is accepted
     */
    static Map<String, Map<String, String>> read(Path file, List<String> columns) {
        Map<String, Map<String, String>> accepted = new LinkedHashMap<>();
        columns.forEach(column -> accepted.put(column, new LinkedHashMap<>()));
        boolean headed = false;
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(file)) {
            for (CsvRecord row : reader) {
                String at = file + ":" + row.getStartingLineNumber() + ": ";
                List<String> fields = row.getFields().stream()
                        .map(f -> f.replace("\ufeff", ""))
                        .toList();
                if (!headed) {
                    if (!fields.equals(HEADER)) {
                        throw new InputException(at + "expected the header " + String.join(",", HEADER) + ", received "
                                + String.join(",", fields) + "; take the file that prepare wrote");
                    }
                    headed = true;
                } else {
                    add(at, fields, accepted);
                }
            }
        } catch (IOException | UncheckedIOException | CsvParseException e) {
            throw new InputException(
                    "cannot read the proposals " + file + ": " + e + "; leave accepted out, run prepare, and"
                            + " name the file that it writes",
                    e);
        }
        return Map.copyOf(accepted);
    }

    private static void add(String at, List<String> fields, Map<String, Map<String, String>> accepted) {
        if (fields.size() != HEADER.size()) {
            throw new InputException(at + "expected " + HEADER.size() + " values, received " + fields.size());
        }
        boolean yes = switch (fields.get(6).strip().toLowerCase(Locale.ROOT)) {
            case "yes", "y", "true", "1", "x" -> true;
            case "no", "n", "false", "0", "" -> false;
            default ->
                throw new InputException(at + "expected yes or no in accept, received \"" + fields.get(6) + "\"");
        };
        Map<String, String> of = accepted.get(fields.get(0));
        if (yes && of != null) {
            String before = of.putIfAbsent(fields.get(1), fields.get(2));
            if (before != null && !before.equals(fields.get(2))) {
                throw new InputException(at + "\"" + fields.get(1) + "\" becomes \"" + fields.get(2) + "\" here and \""
                        + before + "\" further up; accept one of them");
            }
        }
    }
}

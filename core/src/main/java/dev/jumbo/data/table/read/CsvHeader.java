package dev.jumbo.data.table.read;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The names in the first record of a CSV file: each column has one, and its own. */
final class CsvHeader {
    private static final String INDEX = "index";

    private CsvHeader() {}

    /** @throws CsvLayoutException with the reason and the keys to write if a name is empty or there twice */
    static void require(Path path, List<String> columns) {
        Set<String> given = new HashSet<>(columns);
        Set<String> seen = new HashSet<>();
        List<String> problems = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (int c = 0; c < columns.size(); c++) {
            String name = columns.get(c);
            if (name.isEmpty()) {
                problems.add("no name for column " + (c + 1) + " of " + columns.size() + why(c, columns.size()));
            } else if (seen.contains(name)) {
                problems.add("the name \"" + name + "\" again for column " + (c + 1));
            }
            String own = name.isEmpty() ? c == 0 ? INDEX : "column_" + (c + 1) : name;
            while (!own.equals(name) && given.contains(own) || !seen.add(own)) {
                own += "_" + (c + 1);
            }
            names.add(own);
        }
        if (!problems.isEmpty()) {
            throw new CsvLayoutException("expected a different name for each column in the header of " + path
                    + ", received " + String.join(", ", problems) + "; write names: ["
                    + names.stream().map(CsvHeader::quoted).collect(Collectors.joining(", ")) + "] and header: skip");
        }
    }

    private static String why(int column, int columns) {
        return column == 0
                ? " (pandas's to_csv writes its index so; index=False leaves it out)"
                : column == columns - 1 ? " (the line ends with a delimiter)" : "";
    }

    private static String quoted(String name) {
        return name.matches("[A-Za-z_][A-Za-z0-9_]*")
                ? name
                : '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}

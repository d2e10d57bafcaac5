package dev.jumbo.cli;

import dev.jumbo.data.Column;
import dev.jumbo.error.InputException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something to predict.
 *
 * @param name what answers call it: a file, a file and a line, JSON as it was given
 * @param row values by column, of a table; empty otherwise
 * @param values raw values, of anything else; empty for a row
 * @param columns a row of each raw input, of a file of arrays; empty otherwise
 * @param files names of the files that values were read from, by input
 * @param error why it cannot be predicted; null if it can, as far as is known
 * @param given what the row has for {@code --keep}: as the row, with the names of files in the place of what they hold
 */
@SuppressWarnings("ArrayRecordComponent") // On its way to the network.
record Example(
        String name,
        Map<String, ? extends @Nullable Object> row,
        double[] values,
        List<Column> columns,
        Map<String, String> files,
        @Nullable String error,
        Map<String, ? extends @Nullable Object> given) {
    static Example of(String name, double[] values) {
        return new Example(name, Map.of(), values, List.of(), Map.of(), null, Map.of());
    }

    static Example of(String name, Map<String, ? extends @Nullable Object> row) {
        return of(name, row, Map.of());
    }

    static Example of(String name, Map<String, ? extends @Nullable Object> row, Map<String, String> files) {
        return new Example(name, row, new double[0], List.of(), files, null, row);
    }

    static Example of(String name, List<Column> columns) {
        return new Example(name, Map.of(), new double[0], columns, Map.of(), null, Map.of());
    }

    static Example bad(String name, String error) {
        return new Example(name, Map.of(), new double[0], List.of(), Map.of(), error, Map.of());
    }

    /** This with what is kept of it. */
    Example keeping(Map<String, ? extends @Nullable Object> what) {
        return new Example(name, row, values, columns, files, error, what);
    }

    /** This row with the values that its columns are. */
    Example with(double[] numbers) {
        return new Example(name, row, numbers, List.of(), files, null, given);
    }

    /** What messages call it. */
    String place() {
        boolean isStandardInput = name.equals(Examples.STDIN) || name.startsWith(Examples.STDIN + ":");
        return isStandardInput ? "standard input" + name.substring(Examples.STDIN.length()) : name;
    }

    /** What is wrong with it, behind the file that it is about. */
    String refused(InputException e) {
        String why = String.valueOf(e.getMessage());
        // It was asked alone: its place is that of its name.
        String about = why.startsWith("row 0: ") ? why.substring("row 0: ".length()) : why;
        for (Map.Entry<String, String> file : files.entrySet()) {
            if (about.startsWith(file.getKey() + ": ")) {
                return file.getValue() + ": " + about;
            }
        }
        return why;
    }

    Example failed(String why) {
        return new Example(name, row, values, columns, files, why, given);
    }
}

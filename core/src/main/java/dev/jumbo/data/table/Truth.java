package dev.jumbo.data.table;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Columns of the words true and false, in any case: the truth values of JSON, Parquet and databases, and those that pandas
 * ({@code True}) and spreadsheets ({@code TRUE}) write as CSV. From every source they are two categories, or two classes,
 * with the names {@code false} and {@code true}.
 */
public final class Truth {
    private static final List<String> WORDS = List.of("false", "true");

    private Truth() {}

    /** Whether a text is one of the words. */
    public static boolean is(String text) {
        return text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
    }

    /** The word of a value. */
    public static String text(boolean value) {
        return value ? "true" : "false";
    }

    /** The categories of a column in alphabetical order; of truth values in lower case. */
    public static List<String> categories(TableColumn column) {
        List<String> all = IntStream.range(0, column.size())
                .mapToObj(column::text)
                .filter(Objects::nonNull)
                .map(String::valueOf)
                .distinct()
                .sorted()
                .toList();
        return all.stream().allMatch(Truth::is)
                ? all.stream()
                        .map(text -> text.toLowerCase(Locale.ROOT))
                        .distinct()
                        .sorted()
                        .toList()
                : all;
    }

    /** The position of a category, of truth values in any case; -1: it is none of them. */
    public static int position(List<String> categories, String text) {
        int exact = categories.indexOf(text);
        if (exact >= 0
                || !is(text)
                || categories.size() > WORDS.size()
                || !categories.stream().allMatch(Truth::is)) {
            return exact;
        }
        for (int c = 0; c < categories.size(); c++) {
            if (categories.get(c).equalsIgnoreCase(text)) {
                return c;
            }
        }
        return -1;
    }
}

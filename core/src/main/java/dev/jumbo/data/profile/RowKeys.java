package dev.jumbo.data.profile;

import dev.jumbo.data.table.ColumnProfile;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Columns of numbers that say which row it is and nothing about it: whole numbers, none missing, none twice, that rise by
 * one from row to row, or whose name is that of a key ({@code id}, {@code PassengerId}, {@code customer_id}, {@code Nr},
 * {@code Kundennummer}, {@code index}). Numbers of other rows lie outside of all that training had.
 */
public final class RowKeys {
    /** Fewer rows may well be numbered by chance. */
    private static final int LEAST = 10;

    /** Likewise where the name says nothing. */
    private static final int LEAST_IN_ORDER = 50;

    private static final Set<String> LAST_WORDS =
            Set.of("id", "ids", "nr", "no", "num", "number", "nummer", "idx", "key", "rowid", "rownum", "uid", "pk");

    private static final Set<String> WHOLE_NAMES = Set.of(
            "index",
            "row index",
            "row",
            "rows",
            "zeile",
            "unnamed 0",
            "level 0",
            "column 0",
            "lfd",
            "#",
            "rn",
            "n\u00B0");

    /** Of these a step of one is a fact: the rows of a series. */
    private static final Set<String> TIMES = Set.of(
            "year",
            "jahr",
            "month",
            "monat",
            "week",
            "woche",
            "day",
            "tag",
            "date",
            "datum",
            "time",
            "zeit",
            "hour",
            "stunde",
            "minute",
            "second",
            "sekunde",
            "ts",
            "timestamp",
            "epoch",
            "t",
            "step",
            "quarter",
            "quartal",
            "age",
            "alter");

    private static final Pattern CAMEL = Pattern.compile("(?<=[\\p{Ll}\\d])(?=\\p{Lu})");
    private static final Pattern BETWEEN = Pattern.compile("[^\\p{L}\\d#\u00B0]+");

    private RowKeys() {}

    /**
     * The columns that are left out because they are keys. None where nothing else would be left to learn from.
     *
     * @param types those that are given, by name: these are never keys
     * @param target the column that is predicted; null: none
     */
    public static Set<String> of(Table table, Map<String, ColumnType> types, @Nullable String target) {
        Set<String> keys = new LinkedHashSet<>();
        boolean others = false;
        for (int c = 0; c < table.names().size(); c++) {
            String name = table.names().get(c);
            if (name.equals(target)) {
                continue;
            }
            if (!types.containsKey(name) && isKey(table, c)) {
                keys.add(name);
            } else if (!others) {
                ColumnType type = types.containsKey(name)
                        ? types.get(name)
                        : ColumnProfile.of(table, name).type();
                others = type != ColumnType.TEXT && type != ColumnType.IGNORE;
            }
        }
        return others ? keys : Set.of();
    }

    private static boolean isKey(Table table, int column) {
        int rows = table.rows();
        TableColumn values = table.columns().get(column);
        if (rows < LEAST || !isUnique(values)) {
            return false;
        }
        List<String> words = words(table.names().get(column));
        if (isNamed(words)) {
            return true;
        }
        boolean time = words.stream().anyMatch(TIMES::contains);
        if (rows < LEAST_IN_ORDER || time) {
            return false;
        }
        // Rows that cleaning dropped leave gaps, which the numbers of the rows in the source have too.
        boolean next = true;
        boolean source = true;
        for (int row = 1; row < rows; row++) {
            double step = values.number(row) - values.number(row - 1);
            next &= step == 1;
            source &= step == table.sourceRow(row) - table.sourceRow(row - 1);
        }
        return next || source;
    }

    /** Whether a column has whole numbers, none missing and none twice. */
    public static boolean isUnique(TableColumn values) {
        Set<Double> seen = new HashSet<>();
        for (int row = 0; row < values.size(); row++) {
            double number = values.number(row);
            if (number != Math.rint(number) || Double.isInfinite(number) || !seen.add(number)) {
                return false;
            }
        }
        return true;
    }

    /** Whether a column has the name of a key. */
    public static boolean isNamed(String name) {
        return isNamed(words(name));
    }

    private static boolean isNamed(List<String> words) {
        if (words.isEmpty()) {
            return true; // The column of row numbers that pandas writes has no name.
        }
        String last = words.get(words.size() - 1);
        return LAST_WORDS.contains(last)
                || last.length() > 6 && last.endsWith("nummer")
                || WHOLE_NAMES.contains(String.join(" ", words));
    }

    private static List<String> words(String name) {
        return BETWEEN.splitAsStream(CAMEL.matcher(name).replaceAll(" "))
                .filter(word -> !word.isEmpty())
                .map(word -> word.toLowerCase(Locale.ROOT))
                .toList();
    }
}

package dev.jumbo.data.table;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A value of a column and where it stands.
 *
 * @param row its number in the source
 * @param text the value
 */
public record Cell(long row, String text) {
    private static final int LONGEST = 40;

    @Override
    public String toString() {
        String shown = text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "\u2026";
        return "row " + row + " \"" + shown + "\"";
    }

    /** The first few cells and how many more there are, as in {@code row 7 "$12", row 9 "x" and 3 more}. */
    public static String list(List<Cell> first, long count) {
        String shown = first.stream().map(Cell::toString).collect(Collectors.joining(", "));
        long more = count - first.size();
        return more <= 0 ? shown : shown + String.format(Locale.ROOT, " and %,d more", more);
    }
}

package dev.jumbo.nn;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Text in columns: the first ones to the left, the others, which hold numbers, to the right. */
final class Table {
    private static final String GAP = "  ";

    private Table() {}

    /**
     * @param rows the heading first, all of the same length
     * @param leftAligned how many columns from the first
     */
    static String format(List<List<String>> rows, int leftAligned) {
        int[] widths = IntStream.range(0, rows.get(0).size())
                .map(c -> rows.stream().mapToInt(r -> r.get(c).length()).max().orElse(0))
                .toArray();
        String rule = "-".repeat(IntStream.of(widths).sum() + GAP.length() * (widths.length - 1));
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            text.append(line(rows.get(i), widths, leftAligned)).append(System.lineSeparator());
            if (i == 0) {
                text.append(rule).append(System.lineSeparator());
            }
        }
        return text.append(rule).toString();
    }

    private static String line(List<String> cells, int[] widths, int leftAligned) {
        return IntStream.range(0, widths.length)
                .mapToObj(c -> {
                    String fill = " ".repeat(widths[c] - cells.get(c).length());
                    return c < leftAligned ? cells.get(c) + fill : fill + cells.get(c);
                })
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }
}

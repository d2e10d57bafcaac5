package dev.jumbo.data.table;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a column, counted.
 *
 * @param rows all
 * @param missing rows without a value
 * @param distinct different values
 * @param numbers values that are numbers, infinite ones too
 * @param infinite values that are infinite
 * @param spelled values that are no numbers as they stand but numbers in another spelling: {@code $12}, {@code 1.234,5}
 * @param whole whether all numbers are whole
 * @param min the smallest finite number; NaN: none
 * @param max the largest finite number; NaN: none
 * @param words the first few values that are no numbers
 * @param infinities the first few infinite values
 */
public record ColumnProfile(
        String name,
        long rows,
        long missing,
        long distinct,
        long numbers,
        long infinite,
        long spelled,
        boolean whole,
        double min,
        double max,
        List<Cell> words,
        List<Cell> infinities) {
    private static final int SHOWN = 5;
    /** A column of which at least this share are numbers is one of numbers with a few cells that are not. */
    private static final double MOSTLY_NUMBERS = 0.8;
    /** Fewer different texts are never too many. */
    private static final int MANY = 50;
    /** Above this share of different texts a column has names or keys, from which nothing can be learned. */
    private static final double OWN_TEXT = 0.5;

    public ColumnProfile {
        words = List.copyOf(words);
        infinities = List.copyOf(infinities);
    }

    /** Counts a column. @param name one of the table's */
    public static ColumnProfile of(Table table, String name) {
        TableColumn column = table.column(name);
        long missing = 0;
        long numbers = 0;
        long infinite = 0;
        long spelled = 0;
        boolean whole = true;
        double min = Double.NaN;
        double max = Double.NaN;
        List<Cell> words = new ArrayList<>();
        List<Cell> infinities = new ArrayList<>();
        Map<String, Boolean> seen = new HashMap<>();
        for (int row = 0; row < table.rows(); row++) {
            String text = column.text(row);
            if (text == null) {
                missing++;
                continue;
            }
            double number = column.number(row);
            if (Double.isNaN(number)) {
                spelled += seen.computeIfAbsent(text, ColumnProfile::isSpelled) ? 1 : 0;
                show(words, table, row, text);
                continue;
            }
            seen.putIfAbsent(text, false);
            numbers++;
            if (Double.isInfinite(number)) {
                infinite++;
                show(infinities, table, row, text);
                continue;
            }
            whole &= number == Math.rint(number);
            min = Double.isNaN(min) ? number : Math.min(min, number);
            max = Double.isNaN(max) ? number : Math.max(max, number);
        }
        return new ColumnProfile(
                name,
                table.rows(),
                missing,
                seen.size(),
                numbers,
                infinite,
                spelled,
                whole && numbers > 0,
                min,
                max,
                words,
                infinities);
    }

    private static boolean isSpelled(String text) {
        NumberText number = NumberText.of(text, NumberText.Style.PLAIN);
        return number != null && number.marks() != NumberMarks.WRONG;
    }

    private static void show(List<Cell> cells, Table table, int row, String text) {
        if (cells.size() < SHOWN) {
            cells.add(new Cell(table.sourceRow(row), text));
        }
    }

    /** Rows with a value. */
    public long present() {
        return rows - missing;
    }

    /** Values that are no numbers as they stand. */
    public long texts() {
        return present() - numbers;
    }

    /** Whether nearly all values are numbers, perhaps in another spelling, and some are not as they stand. */
    public boolean isMostlyNumbers() {
        return texts() > 0 && numbers + spelled >= MOSTLY_NUMBERS * present();
    }

    /** Whether most rows have a text of their own, as names, tickets and keys do. */
    public boolean hasOwnTexts() {
        return texts() > 0 && distinct >= MANY && distinct > OWN_TEXT * present();
    }

    /** Whether the numbers are those of rows: whole, all different, each once from the smallest to the largest. */
    public boolean isCounter() {
        return texts() == 0
                && whole
                && infinite == 0
                && distinct == present()
                && distinct >= MANY
                && max - min == distinct - 1;
    }

    /**
     * The type of a column that nobody named: number where every value is one, text where most rows have a text of their
     * own, category otherwise.
     */
    public ColumnType type() {
        return texts() == 0 ? ColumnType.NUMBER : hasOwnTexts() ? ColumnType.TEXT : ColumnType.CATEGORY;
    }

    /** What is wrong with a column of numbers in which some values are none, and what to write. */
    public String problem() {
        StringBuilder problem = new StringBuilder(name)
                .append(": ")
                .append(numbers)
                .append(" of ")
                .append(present())
                .append(" values are numbers, ")
                .append(texts())
                .append(texts() == 1 ? " is not: " : " are not: ")
                .append(Cell.list(words, texts()))
                .append(". Write one of");
        if (spelled > 0) {
            problem.append("\n    clean: [parse_number: {columns: [")
                    .append(name)
                    .append("]}]    (")
                    .append(spelled)
                    .append(" of them in another spelling")
                    .append(decimalComma() ? "; with decimal: \",\"" : "")
                    .append(")");
        }
        return problem.append("\n    clean: [missing_tokens: {tokens: [\"")
                .append(words.get(0).text())
                .append("\"], columns: [")
                .append(name)
                .append("]}]    (these texts are missing values)")
                .append("\n    clean: [numbers: {columns: [")
                .append(name)
                .append("]}]    (whatever is no number is missing)")
                .append("\n    columns: {")
                .append(name)
                .append(": category}    (they are names of things)")
                .toString();
    }

    private boolean decimalComma() {
        return words.stream()
                .map(cell -> NumberText.of(cell.text(), NumberText.Style.PLAIN))
                .anyMatch(number -> number != null && number.marks() == NumberMarks.COMMA);
    }

    /** What is wrong with infinite numbers, and what to write; null: there are none. */
    public @Nullable String infiniteProblem() {
        return infinite == 0
                ? null
                : name + ": expected finite numbers, received " + Cell.list(infinities, infinite)
                        + ". Write one of\n    clean: [outliers: {columns: [" + name
                        + "], action: clip}]    (or missing, or"
                        + " drop)\n    columns: {" + name + ": ignore}";
    }
}

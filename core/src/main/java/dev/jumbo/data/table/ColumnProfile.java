package dev.jumbo.data.table;

import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a column, counted.
 *
 * @param rows all
 * @param missing rows without a value
 * @param distinct different values; {@code 0}, {@code -0} and {@code 0.0} are one
 * @param numbers values that are numbers, infinite ones too
 * @param infinite values that are infinite
 * @param spelled values that are no numbers as they stand but numbers in another spelling: {@code $12}, {@code 1.234,5}
 * @param whole whether all numbers are whole
 * @param min the smallest finite number; NaN: none
 * @param max the largest finite number; NaN: none
 * @param words the first few values that are no numbers
 * @param infinities the first few infinite values
 * @param rounded different numbers as doubles: fewer than distinct where these do not hold all digits
 * @param smallest the smallest finite number with all its digits; empty: none
 * @param largest the largest finite number with all its digits; empty: none
 * @param note what the file says of the column; null: nothing
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
        List<Cell> infinities,
        long rounded,
        String smallest,
        String largest,
        @Nullable ColumnNote note) {
    private static final int SHOWN = 5;
    /** A column of which at least this share are numbers is one of numbers with a few cells that are not. */
    private static final double MOSTLY_NUMBERS = 0.8;
    /** The last digits of fractions are noise: fewer different ones are worth a word only where many become one. */
    private static final double FRACTIONS_KEPT = 0.9;
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
        DistinctNumbers different = new DistinctNumbers();
        Set<Double> endless = new HashSet<>();
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
            boolean first = seen.putIfAbsent(text, false) == null;
            numbers++;
            if (Double.isInfinite(number)) {
                infinite++;
                endless.add(number);
                show(infinities, table, row, text);
                continue;
            }
            whole &= number == Math.rint(number);
            if (first) {
                different.add(column instanceof NumberColumn ? "" : text, number);
            }
        }
        return new ColumnProfile(
                name,
                table.rows(),
                missing,
                numbers == table.rows() - missing ? different.exact() + endless.size() : seen.size(),
                numbers,
                infinite,
                spelled,
                whole && numbers > 0,
                different.min(),
                different.max(),
                words,
                infinities,
                different.rounded() + endless.size(),
                different.smallest(),
                different.largest(),
                column.note());
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

    /**
     * Refuses columns of lists or objects.
     *
     * @param named columns of which something is said
     * @throws InputException that names the others, and what to write
     */
    public static void requireFlat(Table table, Set<String> named) {
        List<String> nested = new ArrayList<>();
        for (int c = 0; c < table.names().size(); c++) {
            String name = table.names().get(c);
            ColumnNote note = table.columns().get(c).note();
            if (note != null && note.nested() && !named.contains(name)) {
                nested.add(nestedProblem(name, note));
            }
        }
        if (!nested.isEmpty()) {
            throw new InputException("expected one value in each cell of a column, received lists or objects:\n  "
                    + String.join("\n  ", nested));
        }
    }

    /** Whether a value holds others, as lists and objects do. */
    public boolean isNested() {
        return note != null && note.nested();
    }

    /** What is wrong with a column of lists or objects, and what to write. */
    public String nestedProblem() {
        return note == null ? "" : nestedProblem(name, note);
    }

    private static String nestedProblem(String name, ColumnNote note) {
        return name + ": " + note.what() + ". Write one of\n    columns: {" + name
                + ": ignore}    (or text: not learned from)\n    columns: {" + name
                + ": category}    (each different text of it is one)"
                + "\n    or make columns of its parts, with sql: select ... where the source has a select";
    }

    /** What is lost where numbers have more digits than doubles hold, and what to write; null: nothing. */
    public @Nullable String roundedProblem() {
        boolean much = whole ? rounded < distinct : distinct >= MANY && rounded < FRACTIONS_KEPT * distinct;
        return texts() > 0 || !much
                ? null
                : String.format(
                        Locale.ROOT,
                        "%s: %,d values are %,d after rounding to double (%s to %s); an id? write columns: {%s: ignore} or"
                                + " category",
                        name,
                        distinct,
                        rounded,
                        smallest,
                        largest,
                        name);
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
        return isNested()
                ? ColumnType.TEXT
                : texts() == 0 ? ColumnType.NUMBER : hasOwnTexts() ? ColumnType.TEXT : ColumnType.CATEGORY;
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
                .append(
                        words.stream().allMatch(cell -> Truth.is(cell.text()))
                                ? "\n    columns: {" + name + ": boolean}    (true and false are 1 and 0)"
                                : "")
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

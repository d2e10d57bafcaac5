package dev.jumbo.data.clean.steps;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.NumberMarks;
import dev.jumbo.data.table.NumberText;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Numbers written for people become plain numbers: {@code "12.0 oz."} is 12, {@code "5%"} is 0.05, {@code "$2,500.00"} is
 * 2500, {@code "1.234,56 €"} is 1234.56, {@code "3 400"} is 3400, {@code "1k"} is 1000, {@code "(250)"} and {@code "250-"}
 * are -250.
 *
 * <p>Whether a point or a comma is the decimal mark is said by {@code decimal} and {@code thousands}, or found out from the
 * whole column: it is used where the cells agree and at least one of them leaves no choice ({@code 1.234,56} or {@code
 * 0,5}). A column of nothing but {@code 1,234} could be thousands or not, so its cells stay as they are. What is not
 * understood is flagged in the report and never changed; {@link NumbersOnly} makes it missing.
 *
 * <p>What comes as a number (from Parquet, a database, a number of JSON or of a program) is that number, whatever the
 * marks of the texts are; of it only digits behind {@code decimals} are rounded.
 */
@Kind("parse_number")
public record ParseNumber(
        @Doc("Columns with numbers.") List<String> columns,

        @Doc("Units that may stand before or behind the number; empty: any word behind.") @Default("[]")
        List<String> units,

        @Doc("A percent sign divides by 100; false: it is a unit like others.") @Default("true")
        boolean percent,

        @Doc("Digits after the point that are kept (half up); null: all.") @Default("null") @Nullable
        Integer decimals,

        @Doc("The decimal mark, \".\" or \",\"; null: found out from the whole column.") @Default("null") @Nullable
        String decimal,

        @Doc(
                "The mark between groups of three digits, as in \",\" or \" \" (any blank); empty: none; null: the one that"
                        + " is not the decimal mark, blanks and apostrophes.")
        @Default("null")
        @Nullable
        String thousands,

        @Doc("k, M, bn, million and the like are factors; false: units like others.") @Default("true")
        boolean magnitudes,

        @Doc("The decimal mark of each column as it was found out in training; empty: not yet.") @Default("{}")
        Map<String, String> found)
        implements CleaningStep {
    private static final int LONGEST = 40;

    public ParseNumber {
        columns = List.copyOf(columns);
        units = List.copyOf(units);
        found = Map.copyOf(found);
        if (columns.isEmpty() || decimals != null && (decimals < 0 || decimals > 15)) {
            throw new InputException("expected columns, and decimals from 0 to 15, in parse_number; received " + columns
                    + " and " + decimals);
        }
        if (decimal != null && !decimal.equals(".") && !decimal.equals(",")) {
            throw new InputException("expected decimal: \".\" or \",\" in parse_number, received \"" + decimal + "\"");
        }
        if (thousands != null && (thousands.length() > 1 || thousands.equals(decimal))) {
            throw new InputException(
                    "expected in parse_number a single mark for thousands that is not the decimal mark,"
                            + " received \"" + thousands + "\" and decimal " + decimal);
        }
    }

    /** Marks that are found out, magnitudes taken. */
    public ParseNumber(List<String> columns, List<String> units, boolean percent, @Nullable Integer decimals) {
        this(columns, units, percent, decimals, null, null, true, Map.of());
    }

    /** Whether one of the steps reads the numbers of a column. */
    public static boolean isAmong(List<CleaningStep> steps, String column) {
        return steps.stream()
                .anyMatch(step ->
                        step instanceof ParseNumber numbers && numbers.columns().contains(column));
    }

    /** Any unit. */
    public static ParseNumber of(String... columns) {
        return new ParseNumber(List.of(columns), List.of(), true, null);
    }

    /** This step with the marks said. @param thousandsMark null: any that fits the decimal mark */
    public ParseNumber withMarks(String decimalMark, @Nullable String thousandsMark) {
        return new ParseNumber(columns, units, percent, decimals, decimalMark, thousandsMark, magnitudes, Map.of());
    }

    /** Whether the decimal mark of every column is known, so that rows can be cleaned one by one. */
    @Override
    public boolean isLocal() {
        return said() != null || found.keySet().containsAll(columns);
    }

    /** This step with the decimal mark of each column as a table shows it. */
    @Override
    public ParseNumber fitted(Table table) {
        if (isLocal()) {
            return this;
        }
        Map<String, NumberMarks> shown = new LinkedHashMap<>();
        for (String name : columns) {
            NumberMarks marks = NumberMarks.NONE;
            int column = table.indexOf(name);
            for (int row = 0; row < table.rows(); row++) {
                marks = marks.and(
                        table.columns().get(column).isNumber(row) ? NumberMarks.NONE : shown(table.text(row, column)));
            }
            shown.put(name, marks);
        }
        return fitted(shown);
    }

    /** This step with what the cells of each column show together. */
    public ParseNumber fitted(Map<String, NumberMarks> shown) {
        Map<String, String> marks = new LinkedHashMap<>();
        shown.forEach((name, m) -> marks.put(
                name,
                switch (m) {
                    case NONE, POINT -> ".";
                    case COMMA -> ",";
                    case EITHER -> "either";
                    case WRONG -> "both";
                }));
        return new ParseNumber(columns, units, percent, decimals, decimal, thousands, magnitudes, marks);
    }

    /** What one cell shows of its column's marks. */
    public NumberMarks shown(@Nullable String text) {
        NumberText number = text == null ? null : NumberText.of(text, style());
        NumberMarks marks = number == null ? NumberMarks.NONE : number.marks();
        return marks == NumberMarks.WRONG ? NumberMarks.NONE : marks;
    }

    @Override
    public void apply(Table table, Edits edits) {
        ParseNumber step = fitted(table);
        NumberText.Style style = style();
        for (String name : columns) {
            int column = table.indexOf(name);
            String mark = step.said() != null ? step.said() : step.found.getOrDefault(name, ".");
            for (int row = 0; row < table.rows(); row++) {
                String text = table.text(row, column);
                if (text != null && table.columns().get(column).isNumber(row)) {
                    round(edits, row, column, Numbers.exact(text));
                } else if (text != null) {
                    parse(edits, row, column, text, NumberText.of(text, style), mark);
                }
            }
        }
    }

    /** What came as a number has no marks that could be read in another way. */
    private void round(Edits edits, int row, int column, Number number) {
        if (decimals != null && number instanceof BigDecimal exact && exact.scale() > decimals) {
            edits.set(row, column, plain(exact), "digits that are not kept");
        }
    }

    private void parse(Edits edits, int row, int column, String text, @Nullable NumberText number, String mark) {
        boolean clear = mark.length() == 1 || number != null && number.marks() == NumberMarks.NONE;
        BigDecimal value =
                number == null || !clear ? null : number.value(mark.length() == 1 ? mark.charAt(0) : '.', thousands);
        if (number != null && value != null && isHeld(value)) {
            edits.set(
                    row,
                    column,
                    plain(value),
                    number.unit().isEmpty() && number.currency().isEmpty() && number.exponent() == 0
                            ? "another spelling of the number"
                            : "a number with a unit");
        } else if (value != null || isBeyond(text)) {
            edits.flag(
                    row, column, "not understood as a number: larger or smaller than any that can be calculated with");
        } else if (Double.isNaN(Numbers.parse(text))) {
            edits.flag(row, column, number == null || clear ? "not understood as a number" : unclear(mark));
        }
    }

    /** Whether a text is digits of a number that no double holds. */
    private static boolean isBeyond(String text) {
        BigDecimal exact = Numbers.decimal(text);
        return exact == null
                ? !Double.isNaN(Numbers.parse(text)) && text.chars().anyMatch(Character::isDigit)
                : !isHeld(exact);
    }

    /** Whether a double holds it, neither as infinity nor as 0. */
    private static boolean isHeld(BigDecimal value) {
        double number = value.doubleValue();
        return Double.isFinite(number) && (number != 0 || value.signum() == 0);
    }

    private static String unclear(String mark) {
        return mark.equals("both")
                ? "points and commas are both decimal marks in this column: say decimal"
                : "thousands or decimals: say decimal: \".\" or \",\"";
    }

    /** The decimal mark that the configuration says; null: none. */
    private @Nullable String said() {
        if (decimal != null) {
            return decimal;
        }
        return thousands == null ? null : thousands.equals(",") ? "." : thousands.equals(".") ? "," : null;
    }

    private NumberText.Style style() {
        return new NumberText.Style(Set.copyOf(units), false, percent, magnitudes);
    }

    private String plain(BigDecimal number) {
        BigDecimal rounded = decimals == null || number.scale() <= decimals
                ? number
                : number.setScale(decimals, RoundingMode.HALF_UP);
        BigDecimal stripped = Numbers.stripped(rounded);
        String text = stripped.toPlainString();
        return text.length() <= LONGEST ? text : stripped.toString();
    }
}

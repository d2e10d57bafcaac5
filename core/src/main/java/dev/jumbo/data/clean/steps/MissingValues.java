package dev.jumbo.data.clean.steps;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Moments;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Rows with missing values are dropped, or the values filled. */
@Kind("missing")
public record MissingValues(
        @Doc("drop, mean, median, mode or constant.") Fill fill,
        @Doc("Columns; empty: all.") @Default("[]") List<String> columns,

        @Doc("What constant fills in.") @Default("null") @Nullable
        String value)
        implements CleaningStep {

    /** What becomes of a missing value. */
    public enum Fill {
        /** Its row is dropped. */
        DROP,
        /** The mean of the column's numbers. */
        MEAN,
        /** The median of the column's numbers; of an even number, the mean of the two in the middle. */
        MEDIAN,
        /** The most frequent value of the column; of equally frequent ones the first in alphabetical order. */
        MODE,
        /** A given value. */
        CONSTANT
    }

    public MissingValues {
        columns = List.copyOf(columns);
        if ((fill == Fill.CONSTANT) != (value != null)) {
            throw new InputException("expected a value with fill: constant, and only there; received fill: "
                    + fill.name().toLowerCase(Locale.ROOT) + " and value " + value);
        }
    }

    @Override
    public boolean isLocal() {
        return fill == Fill.DROP || fill == Fill.CONSTANT;
    }

    @Override
    public boolean learnsFromOthers() {
        return !isLocal();
    }

    @Override
    public void apply(Table table, Edits edits) {
        for (int column : CleaningStep.positions(table, columns)) {
            TableColumn values = table.columns().get(column);
            if (IntStream.range(0, table.rows()).anyMatch(values::isMissing)) {
                fill(table, edits, column, filled(values, table.names().get(column)));
            }
        }
    }

    /** Of a mean, median or mode a constant for each column, where the column has one. */
    @Override
    public List<CleaningStep> forRows(Table table) {
        if (isLocal()) {
            return List.of(this);
        }
        List<CleaningStep> steps = new ArrayList<>();
        for (int column : CleaningStep.positions(table, columns)) {
            TableColumn values = table.columns().get(column);
            boolean has = fill == Fill.MODE
                    ? IntStream.range(0, table.rows()).anyMatch(row -> !values.isMissing(row))
                    : Quantiles.sorted(values).length > 0;
            if (has) {
                String name = table.names().get(column);
                steps.add(new MissingValues(Fill.CONSTANT, List.of(name), filled(values, name)));
            }
        }
        return steps;
    }

    /** Fills the missing values of a column. @param filled with what; null to drop their rows */
    public void fill(Table table, Edits edits, int column, @Nullable String filled) {
        for (int row = 0; row < table.rows(); row++) {
            if (!table.columns().get(column).isMissing(row)) {
                continue;
            }
            if (filled == null) {
                edits.drop(row, column, "missing");
            } else {
                edits.set(
                        row,
                        column,
                        filled,
                        "missing, filled with the " + fill.name().toLowerCase(Locale.ROOT));
            }
        }
    }

    private @Nullable String filled(TableColumn column, String name) {
        return switch (fill) {
            case DROP -> null;
            case CONSTANT -> value;
            case MODE -> mode(column, name);
            case MEAN -> {
                Moments moments = new Moments();
                for (double number : numbers(column, name)) {
                    moments.add(number);
                }
                yield Numbers.format(moments.mean());
            }
            case MEDIAN -> Numbers.format(Quantiles.median(numbers(column, name)));
        };
    }

    private double[] numbers(TableColumn column, String name) {
        double[] numbers = Quantiles.sorted(column);
        if (numbers.length == 0) {
            throw noNumbers(name);
        }
        return numbers;
    }

    /** The mistake of a column without numbers to fill it with. */
    public InputException noNumbers(String column) {
        return new InputException("expected numbers in the column " + column + " to fill it with their "
                + fill.name().toLowerCase(Locale.ROOT) + ", found none; use mode, constant or drop");
    }

    /** The mistake of a column without values to fill it with. */
    public static InputException noValues(String column) {
        return new InputException(
                "the column " + column + " has no value to fill with; use constant, or ignore the column");
    }

    private static String mode(TableColumn column, String name) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int row = 0; row < column.size(); row++) {
            String text = column.text(row);
            if (text != null) {
                counts.merge(text, 1, Integer::sum);
            }
        }
        return counts.entrySet().stream()
                .reduce((best, next) -> next.getValue() > best.getValue() ? next : best)
                .orElseThrow(() -> noValues(name))
                .getKey();
    }
}

package dev.jumbo.data.clean.expect;

import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Expectations that every value of a column, or a share of them, meets or not. */
final class Shares {
    private Shares() {}

    /** Whether a value is as expected. */
    interface Check {
        boolean holds(TableColumn column, int row);
    }

    static void requireShare(double mostly, String kind) {
        if (!(mostly > 0 && mostly <= 1)) {
            throw new InputException("expected mostly above 0 and up to 1 in " + kind + ", received " + mostly);
        }
    }

    /** @param missingToo whether missing values are looked at */
    static List<Expectation.Finding> judge(
            Table table,
            Edits edits,
            List<String> columns,
            String expected,
            double mostly,
            boolean missingToo,
            Check check) {
        List<Expectation.Finding> findings = new ArrayList<>();
        for (int column : CleaningStep.positions(table, columns)) {
            TableColumn values = table.columns().get(column);
            long looked = 0;
            long failed = 0;
            for (int row = 0; row < table.rows(); row++) {
                if (values.isMissing(row) && !missingToo) {
                    continue;
                }
                looked++;
                if (!check.holds(values, row)) {
                    failed++;
                    edits.flag(row, column, "expected " + expected);
                }
            }
            String words = table.names().get(column) + ": " + expected
                    + (mostly < 1 ? " in " + Numbers.format(mostly * 100) + " % at least" : "");
            findings.add(new Expectation.Finding(
                    words,
                    looked - failed >= mostly * looked,
                    String.format(Locale.ROOT, "%,d of %,d values are not", failed, looked)));
        }
        return findings;
    }

    /** Whether a number lies between bounds, and what was expected, in words. */
    static String between(@Nullable Double min, @Nullable Double max) {
        if (min == null && max == null) {
            return "anything";
        }
        return min == null
                ? "at most " + Numbers.format(max == null ? 0 : max)
                : max == null ? "at least " + Numbers.format(min) : Numbers.format(min) + " to " + Numbers.format(max);
    }

    static boolean within(double number, @Nullable Double min, @Nullable Double max) {
        return (min == null || number >= min) && (max == null || number <= max) && !Double.isNaN(number);
    }

    static void requireBounds(@Nullable Double min, @Nullable Double max, String kind) {
        if (min == null && max == null || min != null && max != null && min > max) {
            throw new InputException(
                    "expected min or max, or both with min <= max, in " + kind + ", received " + min + " and " + max);
        }
    }
}

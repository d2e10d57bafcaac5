package dev.jumbo.data.clean.expect;

import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableColumn;
import dev.jumbo.error.InputException;
import java.math.BigDecimal;
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

    /** What was expected, in words. */
    static String between(@Nullable Double min, @Nullable Double max) {
        return words(min == null ? null : Numbers.format(min), max == null ? null : Numbers.format(max));
    }

    /** What was expected, in words. */
    static String between(@Nullable BigDecimal min, @Nullable BigDecimal max) {
        return words(min == null ? null : Numbers.format(min), max == null ? null : Numbers.format(max));
    }

    private static String words(@Nullable String min, @Nullable String max) {
        if (min == null) {
            return max == null ? "anything" : "at most " + max;
        }
        return max == null ? "at least " + min : min + " to " + max;
    }

    static boolean within(double number, @Nullable Double min, @Nullable Double max) {
        return (min == null || number >= min) && (max == null || number <= max) && !Double.isNaN(number);
    }

    /** @throws InputException if there is no bound, or nothing lies between them */
    static void requireBounds(@Nullable Double min, @Nullable Double max, String kind) {
        requireOrder(min, max, kind, (min != null && max != null && min > max) || isNaN(min) || isNaN(max));
    }

    /** As above. */
    static void requireBounds(@Nullable BigDecimal min, @Nullable BigDecimal max, String kind) {
        requireOrder(min, max, kind, min != null && max != null && min.compareTo(max) > 0);
    }

    private static void requireOrder(@Nullable Object min, @Nullable Object max, String kind, boolean wrong) {
        if (wrong || (min == null && max == null)) {
            throw new InputException(
                    "expected min or max, or both with min <= max, in " + kind + ", received " + min + " and " + max);
        }
    }

    private static boolean isNaN(@Nullable Double bound) {
        return bound != null && bound.isNaN();
    }
}

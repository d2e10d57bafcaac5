package dev.jumbo.data.clean.steps;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.clean.Patterns;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values outside a range of numbers (compared with all their digits), a set of texts or a pattern. Missing values are not touched. */
@Kind("range")
public record ValidRange(
        @Doc("Columns; empty: all.") List<String> columns,

        @Doc("Smallest number allowed.") @Default("null") @Nullable
        BigDecimal min,

        @Doc("Largest number allowed.") @Default("null") @Nullable
        BigDecimal max,

        @Doc("Texts allowed; empty: any.") @Default("[]") List<String> allowed,

        @Doc("Regular expression that the whole text must match; null: any.") @Default("null") @Nullable
        String pattern,

        @Doc("drop, clip (to min or max) or missing.") @Default("missing")
        Action action)
        implements CleaningStep {

    public ValidRange {
        columns = List.copyOf(columns);
        min = min == null ? null : Numbers.stripped(min);
        max = max == null ? null : Numbers.stripped(max);
        allowed = List.copyOf(allowed);
        if (min == null && max == null && allowed.isEmpty() && pattern == null) {
            throw new InputException("expected min, max, allowed or pattern in range, received none");
        }
        if (min != null && max != null && min.compareTo(max) > 0) {
            throw new InputException("expected min <= max in range, received min " + Numbers.format(min) + " and max "
                    + Numbers.format(max) + ", which no number meets");
        }
        if (action == Action.CLIP && (!allowed.isEmpty() || pattern != null)) {
            throw new InputException(
                    "expected min or max with action: clip, received allowed or pattern;" + " use action: missing");
        }
        if (pattern != null) {
            Patterns.compile(pattern);
        }
    }

    /** Numbers of one column. @throws InputException if the bounds are not finite, or min is above max */
    public static ValidRange numbers(String column, double min, double max, Action action) {
        if (!Double.isFinite(min) || !Double.isFinite(max)) {
            throw new InputException("expected finite bounds in range, received " + min + " and " + max);
        }
        return new ValidRange(
                List.of(column), BigDecimal.valueOf(min), BigDecimal.valueOf(max), List.of(), null, action);
    }

    /** Texts of one column. */
    public static ValidRange matching(String column, String pattern, Action action) {
        return new ValidRange(List.of(column), null, null, List.of(), pattern, action);
    }

    @Override
    public void apply(Table table, Edits edits) {
        Set<String> known = Set.copyOf(allowed);
        Pattern whole = pattern == null ? null : Pattern.compile(pattern);
        for (int column : CleaningStep.positions(table, columns)) {
            for (int row = 0; row < table.rows(); row++) {
                String text = table.text(row, column);
                if (text == null) {
                    continue;
                }
                boolean isNumber = !Double.isNaN(table.columns().get(column).number(row));
                if (isNumber && min != null && Numbers.compare(text, min) < 0) {
                    act(edits, row, column, min, "below " + Numbers.format(min));
                } else if (isNumber && max != null && Numbers.compare(text, max) > 0) {
                    act(edits, row, column, max, "above " + Numbers.format(max));
                } else if (!known.isEmpty() && !known.contains(text)) {
                    act(edits, row, column, BigDecimal.ZERO, "not an allowed value");
                } else if (whole != null && !whole.matcher(text).matches()) {
                    act(edits, row, column, BigDecimal.ZERO, "does not match " + pattern);
                }
            }
        }
    }

    private void act(Edits edits, int row, int column, BigDecimal bound, String reason) {
        switch (action) {
            case DROP -> edits.drop(row, column, reason);
            case CLIP -> edits.set(row, column, Numbers.format(bound), reason);
            case MISSING -> edits.set(row, column, null, reason);
        }
    }
}

package dev.jumbo.data.clean;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Numbers written with a unit become plain numbers: {@code "12.0 oz."} is 12, {@code "5%"} is 0.05, {@code "1,200"} is
 * 1200. Texts of another form are left for {@link NumbersOnly}.
 */
@Kind("parse_number")
public record ParseNumber(
        @Doc("Columns with numbers.") List<String> columns,

        @Doc("Units that may follow the number; empty: any word.") @Default("[]")
        List<String> units,

        @Doc("A percent sign divides by 100; false: it is a unit like others.") @Default("true")
        boolean percent,

        @Doc("Digits after the point that are kept (half up); null: all.") @Default("null") @Nullable
        Integer decimals)
        implements CleaningStep {
    private static final Pattern NUMBER =
            Pattern.compile("([-+]?(?:\\d{1,3}(?:,\\d{3})+|\\d+)?(?:\\.\\d+)?(?:[eE][-+]?\\d{1,3})?)\\s*(\\D*)");

    public ParseNumber {
        columns = List.copyOf(columns);
        units = List.copyOf(units);
        if (columns.isEmpty() || decimals != null && (decimals < 0 || decimals > 15)) {
            throw new InputException("expected columns, and decimals from 0 to 15, in parse_number; received " + columns
                    + " and " + decimals);
        }
    }

    /** Any unit. */
    public static ParseNumber of(String... columns) {
        return new ParseNumber(List.of(columns), List.of(), true, null);
    }

    @Override
    public void apply(Table table, Edits edits) {
        for (int column : CleaningStep.positions(table, columns)) {
            for (int row = 0; row < table.rows(); row++) {
                String text = table.text(row, column);
                if (text == null) {
                    continue;
                }
                Matcher matcher = NUMBER.matcher(text.strip());
                if (!matcher.matches()) {
                    continue;
                }
                double number = Numbers.parse(matcher.group(1).replace(",", ""));
                String unit = matcher.group(2).strip();
                if (Double.isNaN(number) || !units.isEmpty() && !unit.isEmpty() && !units.contains(unit)) {
                    continue;
                }
                boolean divided = percent && unit.equals("%");
                String after = plain(BigDecimal.valueOf(number).movePointLeft(divided ? 2 : 0));
                edits.set(
                        row, column, after, unit.isEmpty() ? "another spelling of the number" : "a number with a unit");
            }
        }
    }

    private String plain(BigDecimal number) {
        BigDecimal rounded = decimals == null || number.scale() <= decimals
                ? number
                : number.setScale(decimals, RoundingMode.HALF_UP);
        return Numbers.format(rounded.doubleValue());
    }
}

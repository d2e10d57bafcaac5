package dev.jumbo.data.clean.dates;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Moment;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of dates as new columns, named {@code COLUMN_PART}. The dates are in ISO 8601's form, as {@code parse_date} leaves
 * them; of others the parts are missing, and they are counted and shown.
 */
@Kind("date_parts")
public record DateParts(
        @Doc("Columns with dates that parse_date has read.") List<String> columns,

        @Doc(
                "year, quarter, month, week, day, weekday (Monday 0), is_weekend, day_of_year, hour, minute, second, days_since;"
                        + " month, day, weekday, day_of_year and hour with _sin and _cos.")
        @Default("[year, month, day, weekday]")
        List<DatePart> parts,

        @Doc("The day that days_since counts from.") @Default("null") @Nullable
        String since)
        implements CleaningStep {

    public DateParts {
        columns = List.copyOf(columns);
        parts = List.copyOf(parts);
        if (columns.isEmpty() || parts.isEmpty()) {
            throw new InputException("expected columns and parts in date_parts, received " + columns + " and " + parts);
        }
        if (parts.contains(DatePart.DAYS_SINCE) != (since != null)) {
            throw new InputException("expected a day (since: 2020-01-31) with the part days_since, and only there, in"
                    + " date_parts; received " + since);
        }
        day(since);
    }

    /** Parts of one column. */
    public static DateParts of(String column, DatePart... parts) {
        return new DateParts(List.of(column), List.of(parts), null);
    }

    private static LocalDate day(@Nullable String since) {
        if (since == null) {
            return LocalDate.EPOCH;
        }
        Moment moment = Moment.iso(since);
        if (moment == null) {
            throw new InputException("expected a day such as 2020-01-31 in since, received \"" + since + "\"");
        }
        return moment.at().toLocalDate();
    }

    @Override
    public boolean readsDates() {
        return true;
    }

    @Override
    public Table prepare(Table table) {
        List<String> added = new ArrayList<>();
        columns.forEach(column -> {
            table.indexOf(column);
            parts.forEach(part -> added.add(column + "_" + part.key()));
        });
        return CleaningStep.withColumns(table, added);
    }

    @Override
    public void apply(Table table, Edits edits) {
        LocalDate from = day(since);
        for (String name : columns) {
            int column = table.indexOf(name);
            int[] places = parts.stream()
                    .mapToInt(part -> table.indexOf(name + "_" + part.key()))
                    .toArray();
            for (int row = 0; row < table.rows(); row++) {
                String text = table.text(row, column);
                if (text == null) {
                    continue;
                }
                Moment moment = Moment.iso(text);
                if (moment == null) {
                    edits.flag(row, column, "not a date as parse_date writes it");
                    continue;
                }
                for (int p = 0; p < places.length; p++) {
                    double number = parts.get(p).of(moment.at(), from);
                    edits.set(row, places[p], Numbers.format(number), "a part of " + name);
                }
            }
        }
    }
}

package dev.jumbo.data.clean.dates;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Edits;
import dev.jumbo.data.table.Moment;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Dates and times in one spelling, ISO 8601: {@code 2020-01-31}, or {@code 2020-01-31T13:05:00} where there is a time, with
 * an offset where one is given. What is not understood is counted, shown and left. Without formats they are recognised
 * where the whole column is unambiguous; where day and month cannot be told apart the step refuses and asks.
 */
@Kind("parse_date")
public record ParseDate(
        @Doc("Columns with dates.") List<String> columns,

        @Doc("How they are written, as Python's strptime has it (%d/%m/%Y), or iso8601, unix, unix_ms, excel; the first"
                + " that fits counts; empty: recognised.")
        @Default("[]")
        List<String> formats,

        @Doc("Of dates of numbers without formats: day_first, month_first or year_first; null: what all values allow.")
        @Default("null")
        @Nullable
        DateOrder order,

        @Doc("The zone that times with an offset are written in, such as UTC or Europe/Berlin.") @Default("UTC")
        String zone,

        @Doc("What was recognised, by column; written by a run for its model.") @Default("{}")
        Map<String, List<String>> found)
        implements CleaningStep {

    public ParseDate {
        columns = List.copyOf(columns);
        formats = List.copyOf(formats);
        found = Map.copyOf(found);
        formats.forEach(DateFormat::of);
        found.values().forEach(known -> known.forEach(DateFormat::of));
        if (columns.isEmpty() || order != null && !formats.isEmpty()) {
            throw new InputException("expected columns, and formats or an order but not both, in parse_date; received "
                    + columns + ", " + formats + " and " + order);
        }
        zone(zone);
    }

    /** Recognised where a whole column is unambiguous. */
    public static ParseDate of(String... columns) {
        return new ParseDate(List.of(columns), List.of(), null, "UTC", Map.of());
    }

    /** Of one column, as Python's {@code strptime} has formats. */
    public static ParseDate of(String column, List<String> formats) {
        return new ParseDate(List.of(column), formats, null, "UTC", Map.of());
    }

    private static ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new InputException(
                    "expected a zone such as UTC or Europe/Berlin in parse_date, received \"" + name + "\"", e);
        }
    }

    @Override
    public boolean isLocal() {
        return !formats.isEmpty() || found.keySet().containsAll(columns);
    }

    @Override
    public CleaningStep fitted(Table table) {
        if (isLocal()) {
            return this;
        }
        Map<String, Recognised> seen = recognisers();
        seen.forEach((name, recognised) -> {
            int column = table.indexOf(name);
            for (int row = 0; row < table.rows(); row++) {
                recognised.add(table.text(row, column));
            }
        });
        return with(seen);
    }

    @Override
    public boolean readsDates() {
        return true;
    }

    /** How the dates of a column are written, as said or as recognised; none of a column that it does not read. */
    @Override
    public List<String> formats(String column) {
        if (!columns.contains(column)) {
            return List.of();
        }
        return formats.isEmpty() ? found.getOrDefault(column, List.of()) : formats;
    }

    /** What is to be told the values of each column. */
    public Map<String, Recognised> recognisers() {
        Map<String, Recognised> all = new LinkedHashMap<>();
        columns.forEach(name -> all.put(name, new Recognised(name, order)));
        return all;
    }

    /** This step with what was recognised. @throws InputException if a column is ambiguous, or has no dates */
    public ParseDate with(Map<String, Recognised> recognised) {
        Map<String, List<String>> known = new LinkedHashMap<>();
        recognised.forEach((name, of) -> known.put(name, of.formats()));
        return new ParseDate(columns, formats, order, zone, known);
    }

    @Override
    public Table prepare(Table table) {
        return CleaningStep.withTexts(table, CleaningStep.positions(table, columns));
    }

    @Override
    public void apply(Table table, Edits edits) {
        CleaningStep ready = fitted(table);
        if (ready != this) {
            ready.apply(table, edits);
            return;
        }
        ZoneId in = zone(zone);
        for (String name : columns) {
            int column = table.indexOf(name);
            List<DateFormat> known = new ArrayList<>();
            formats(name).forEach(format -> known.add(DateFormat.of(format)));
            for (int row = 0; row < table.rows(); row++) {
                String text = table.text(row, column);
                if (text != null) {
                    write(edits, row, column, read(known, text), in);
                }
            }
        }
    }

    private static void write(Edits edits, int row, int column, @Nullable Moment moment, ZoneId zone) {
        if (moment == null) {
            edits.flag(row, column, "not understood as a date");
        } else {
            edits.set(row, column, moment.in(zone).text(), "another spelling of the date");
        }
    }

    private static @Nullable Moment read(List<DateFormat> known, String text) {
        for (DateFormat format : known) {
            Moment moment = format.parse(text);
            if (moment != null) {
                return moment;
            }
        }
        return null;
    }
}

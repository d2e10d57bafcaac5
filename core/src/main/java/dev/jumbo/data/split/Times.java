package dev.jumbo.data.split;

import dev.jumbo.error.InputException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Texts as points in time that can be compared: all numbers, or all dates. */
final class Times {
    private Times() {}

    /** @throws InputException if a value is missing, or is not of the sort that the first is of */
    static BigDecimal[] of(List<@Nullable String> texts, String column, Keys keys) {
        BigDecimal[] times = new BigDecimal[texts.size()];
        boolean numbers = true;
        for (int i = 0; i < times.length; i++) {
            String text = texts.get(i);
            if (text == null || text.isBlank()) {
                throw new InputException("split: expected a time in each row, received a missing value in the column "
                        + column + ", " + keys.place(i) + missing(texts) + "; write "
                        + dropping(column));
            }
            BigDecimal number = number(text.strip());
            if (i == 0) {
                numbers = number != null;
            }
            BigDecimal time = numbers ? number : number == null ? date(text.strip()) : null;
            if (time == null) {
                throw new InputException("split: expected "
                        + (numbers ? "a number" : "a date or time as 2026-01-31 or 2026-01-31T12:00:00Z")
                        + " in the column " + column + ", received \"" + text + "\" in " + keys.place(i)
                        + "; clean the column, so that all its rows are numbers or all are dates in ISO 8601");
            }
            times[i] = time;
        }
        return times;
    }

    /** How many more there are. */
    static String missing(List<@Nullable String> texts) {
        long all = texts.stream().filter(text -> text == null || text.isBlank()).count();
        return all > 1 ? " and in " + (all - 1) + " more" : "";
    }

    /** What drops the rows without a value, as it stands in a file. */
    static String dropping(String column) {
        String name = column.matches("[A-Za-z_][A-Za-z0-9_]*") ? column : "'" + column.replace("'", "''") + "'";
        return "clean: [missing: {fill: drop, columns: [" + name + "]}] in data.dataset.table to drop such rows";
    }

    private static @Nullable BigDecimal number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Seconds since 1970; without an offset, as in UTC. */
    private static @Nullable BigDecimal date(String text) {
        String iso =
                text.length() > 10 && text.charAt(10) == ' ' ? text.substring(0, 10) + "T" + text.substring(11) : text;
        try {
            if (iso.length() == 7) {
                return seconds(YearMonth.parse(iso).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC));
            }
            if (iso.length() <= 10) {
                return seconds(LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC));
            }
            boolean zoned = iso.endsWith("Z") || iso.indexOf('+', 10) > 0 || iso.indexOf('-', 10) > 0;
            return seconds(
                    zoned
                            ? OffsetDateTime.parse(iso).toInstant()
                            : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static BigDecimal seconds(Instant instant) {
        return BigDecimal.valueOf(instant.getEpochSecond()).add(BigDecimal.valueOf(instant.getNano(), 9));
    }
}

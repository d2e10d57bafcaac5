package dev.jumbo.data.table;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * A date, perhaps with a time, perhaps with an offset from UTC.
 *
 * @param at date and time; midnight where there is no time
 * @param offset null where none is known
 * @param timed whether a time was given
 */
public record Moment(LocalDateTime at, @Nullable ZoneOffset offset, boolean timed) {
    /** A day. */
    public static Moment day(LocalDate date) {
        return new Moment(date.atStartOfDay(), null, false);
    }

    /** A moment of UTC. */
    public static Moment utc(LocalDateTime at) {
        return new Moment(at, ZoneOffset.UTC, true);
    }

    /**
     * A text in ISO 8601's extended form: {@code 2020-01-31}, {@code 2020-01-31T13:05}, with seconds, a fraction, an offset;
     * a blank in place of T is understood. Null if it is none.
     */
    public static @Nullable Moment iso(String text) {
        String trimmed = text.strip();
        if (trimmed.length() < 10 || trimmed.charAt(4) != '-' || trimmed.charAt(7) != '-') {
            return null;
        }
        try {
            if (trimmed.length() == 10) {
                return day(LocalDate.parse(trimmed));
            }
            String timed = trimmed.charAt(10) == ' ' ? trimmed.substring(0, 10) + 'T' + trimmed.substring(11) : trimmed;
            int sign = Math.max(timed.lastIndexOf('+'), timed.indexOf('-', 11));
            if (timed.endsWith("Z") || sign > 10) {
                OffsetDateTime zoned = OffsetDateTime.parse(timed);
                return new Moment(zoned.toLocalDateTime(), zoned.getOffset(), true);
            }
            return new Moment(LocalDateTime.parse(timed), null, true);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** The same moment in a zone; unchanged if no offset is known. */
    public Moment in(ZoneId zone) {
        if (offset == null) {
            return this;
        }
        OffsetDateTime there = at.atOffset(offset).atZoneSameInstant(zone).toOffsetDateTime();
        return new Moment(there.toLocalDateTime(), there.getOffset(), true);
    }

    /** The same time of UTC, or the time as it is if no offset is known: what moments are compared by. */
    public LocalDateTime universal() {
        return offset == null
                ? at
                : at.atOffset(offset).withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
    }

    /** ISO 8601: {@code 2020-01-31}, {@code 2020-01-31T13:05:00}, {@code 2020-01-31T13:05:00Z}. */
    public String text() {
        if (!timed) {
            return at.toLocalDate().toString();
        }
        return offset == null
                ? DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(at)
                : DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at.atOffset(offset));
    }
}

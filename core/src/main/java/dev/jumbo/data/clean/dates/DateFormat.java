package dev.jumbo.data.clean.dates;

import dev.jumbo.data.table.Moment;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.error.InputException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How dates are written: directives of Python's {@code strptime} (pandas's {@code format}), or one of the words {@code
 * iso8601}, {@code unix}, {@code unix_ms} (seconds or milliseconds since 1970 in UTC) and {@code excel} (days since
 * 1899-12-30, as spreadsheets count from 1900-03-01 on). A text must match as a whole; months and days have English names,
 * in any case; two-digit years from 69 to 99 are of the last century, others of this one, as POSIX has it.
 */
final class DateFormat {
    private static final List<String> MONTHS = List.of(
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december");
    private static final List<String> DAYS =
            List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");

    /** What each directive matches. */
    private static final Map<Character, String> DIRECTIVES = Map.ofEntries(
            Map.entry('Y', "(\\d{4})"),
            Map.entry('y', "(\\d{2})"),
            Map.entry('m', "(1[0-2]|0?[1-9])"),
            Map.entry('d', "(3[01]|[12]\\d|0?[1-9]| [1-9])"),
            Map.entry('j', "(36[0-6]|3[0-5]\\d|[12]\\d\\d|0?[1-9]\\d|0{0,2}[1-9])"),
            Map.entry('H', "(2[0-3]|[01]?\\d)"),
            Map.entry('I', "(1[0-2]|0?[1-9])"),
            Map.entry('M', "([0-5]?\\d)"),
            Map.entry('S', "(6[01]|[0-5]?\\d)"),
            Map.entry('f', "(\\d{1,9})"),
            Map.entry('p', "([ap]m)"),
            Map.entry('b', "(" + short3(MONTHS) + ")"),
            Map.entry('B', "(" + String.join("|", MONTHS) + ")"),
            Map.entry('a', "(" + short3(DAYS) + ")"),
            Map.entry('A', "(" + String.join("|", DAYS) + ")"),
            Map.entry('z', "(z|[-+]\\d{2}:?\\d{2}(?::?\\d{2})?)"),
            Map.entry('Z', "(utc|gmt|z)"));

    private static final String TWO_DIGITS = "mdHIMS";
    private static final String NUMBERS = TWO_DIGITS + "Yyjf";

    /** Spreadsheets hold no other days: 1900-03-01 to 9999-12-31. */
    private static final double FIRST_SERIAL = 61;

    private static final double LAST_SERIAL = 2958466;
    private static final LocalDateTime SERIAL_ZERO = LocalDate.of(1899, 12, 30).atStartOfDay();

    private final String format;
    private final @Nullable Pattern pattern;
    private final List<Character> fields;

    private DateFormat(String format, @Nullable Pattern pattern, List<Character> fields) {
        this.format = format;
        this.pattern = pattern;
        this.fields = fields;
    }

    private static String short3(List<String> names) {
        return String.join("|", names.stream().map(name -> name.substring(0, 3)).toList());
    }

    /** @throws InputException if it is none, with the directive that is not known */
    static DateFormat of(String format) {
        switch (format) {
            case "iso8601", "unix", "unix_ms", "excel" -> {
                return new DateFormat(format, null, List.of());
            }
            default -> {
                return compiled(format);
            }
        }
    }

    private static DateFormat compiled(String format) {
        StringBuilder regex = new StringBuilder();
        List<Character> fields = new ArrayList<>();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (Character.isWhitespace(c)) {
                regex.append("\\s+");
            } else if (c != '%') {
                regex.append(Pattern.quote(String.valueOf(c)));
            } else {
                char directive = ++i < format.length() ? format.charAt(i) : ' ';
                String matched = DIRECTIVES.get(directive);
                if (directive == '%') {
                    regex.append('%');
                } else if (matched == null || fields.contains(directive)) {
                    throw new InputException("expected each of the directives " + known() + " at most once in a date"
                            + " format, received %" + directive + " in \"" + format + "\"");
                } else {
                    // Without a mark between them, as in 20200131, numbers have all their digits.
                    boolean joined = isNumber(format, i - 2, true) || isNumber(format, i + 1, false);
                    regex.append(joined && TWO_DIGITS.indexOf(directive) >= 0 ? "(\\d{2})" : matched);
                    fields.add(directive);
                }
            }
        }
        boolean year = fields.contains('Y') || fields.contains('y');
        boolean month = fields.contains('m') || fields.contains('b') || fields.contains('B') || fields.contains('j');
        if (!year || !month) {
            throw new InputException("expected a date format with year and month as Python's strptime has them, such as"
                    + " \"%d/%m/%Y\", or iso8601, unix, unix_ms or excel; received \"" + format + "\"");
        }
        return new DateFormat(
                format,
                Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE),
                List.copyOf(fields));
    }

    /** Whether a directive of a number ends or begins at a place of a format. */
    private static boolean isNumber(String format, int at, boolean ends) {
        int percent = ends ? at - 1 : at;
        return percent >= 0
                && percent + 1 < format.length()
                && format.charAt(percent) == '%'
                && (percent == 0 || format.charAt(percent - 1) != '%')
                && NUMBERS.indexOf(format.charAt(percent + 1)) >= 0;
    }

    private static String known() {
        return String.join(
                " ", DIRECTIVES.keySet().stream().sorted().map(c -> "%" + c).toList());
    }

    /** As it is written in configurations. */
    String text() {
        return format;
    }

    /** The moment that a text stands for; null if it is not of this format, or there is no such day. */
    @Nullable
    Moment parse(String text) {
        String trimmed = text.strip();
        if (pattern == null) {
            return format.equals("iso8601") ? Moment.iso(trimmed) : counted(trimmed);
        }
        Matcher matcher = pattern.matcher(trimmed);
        if (!matcher.matches()) {
            return null;
        }
        try {
            return moment(matcher);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private @Nullable Moment counted(String text) {
        if (Double.isNaN(Numbers.parse(text)) || text.length() > 30) {
            return null;
        }
        BigDecimal number = new BigDecimal(text);
        if (format.equals("excel")) {
            double days = number.doubleValue();
            if (days < FIRST_SERIAL || days >= LAST_SERIAL) {
                return null;
            }
            boolean whole = number.stripTrailingZeros().scale() <= 0;
            // A serial is a double: milliseconds are all it can mean.
            long millis = number.multiply(BigDecimal.valueOf(86_400_000))
                    .setScale(0, RoundingMode.HALF_UP)
                    .longValueExact();
            LocalDateTime at = SERIAL_ZERO.plus(Duration.ofMillis(millis));
            return whole ? Moment.day(at.toLocalDate()) : new Moment(at, null, true);
        }
        BigDecimal nanos = number.movePointRight(format.equals("unix") ? 9 : 6).setScale(0, RoundingMode.HALF_EVEN);
        BigDecimal[] parts = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000));
        try {
            LocalDateTime at = LocalDateTime.ofEpochSecond(parts[0].longValueExact(), 0, ZoneOffset.UTC)
                    .plusNanos(parts[1].longValueExact());
            return at.getYear() < 1 || at.getYear() > 9999 ? null : Moment.utc(at);
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    private @Nullable Moment moment(Matcher matcher) {
        int year = 1;
        int month = 1;
        int day = 1;
        int dayOfYear = 0;
        int hour = 0;
        int minute = 0;
        int second = 0;
        int nano = 0;
        String half = "";
        int weekday = -1;
        ZoneOffset offset = null;
        boolean timed = false;
        for (int i = 0; i < fields.size(); i++) {
            String value = matcher.group(i + 1).strip().toLowerCase(Locale.ROOT);
            switch (fields.get(i)) {
                case 'Y' -> year = Integer.parseInt(value);
                case 'y' -> year = century(Integer.parseInt(value));
                case 'm' -> month = Integer.parseInt(value);
                case 'b', 'B' -> month = named(MONTHS, value) + 1;
                case 'd' -> day = Integer.parseInt(value);
                case 'j' -> dayOfYear = Integer.parseInt(value);
                case 'a', 'A' -> weekday = named(DAYS, value);
                case 'H', 'I' -> {
                    hour = Integer.parseInt(value);
                    timed = true;
                }
                case 'M' -> minute = Integer.parseInt(value);
                case 'S' -> second = Integer.parseInt(value);
                case 'f' -> nano = Integer.parseInt((value + "00000000").substring(0, 9));
                case 'p' -> half = value;
                case 'z', 'Z' -> offset = offset(value);
                default -> throw new IllegalStateException("a directive without meaning");
            }
        }
        if (fields.contains('I')) {
            hour = hour % 12 + (half.equals("pm") ? 12 : 0);
        }
        LocalDate date = dayOfYear > 0 ? LocalDate.ofYearDay(year, dayOfYear) : LocalDate.of(year, month, day);
        if (weekday >= 0 && date.getDayOfWeek().getValue() - 1 != weekday) {
            return null;
        }
        return new Moment(date.atTime(LocalTime.of(hour, minute, second, nano)), offset, timed || offset != null);
    }

    /** POSIX: 69 to 99 are 1969 to 1999, 0 to 68 are 2000 to 2068. */
    private static int century(int year) {
        return year < 69 ? 2000 + year : 1900 + year;
    }

    private static int named(List<String> names, String value) {
        return names.indexOf(names.stream()
                .filter(name -> name.startsWith(value))
                .findFirst()
                .orElseThrow(() -> new DateTimeException("no month or day is named " + value)));
    }

    private static ZoneOffset offset(String value) {
        return Character.isLetter(value.charAt(0)) ? ZoneOffset.UTC : ZoneOffset.of(colons(value));
    }

    private static String colons(String value) {
        String digits = value.replace(":", "");
        return digits.length() == 5
                ? digits.substring(0, 3) + ":" + digits.substring(3)
                : digits.substring(0, 3) + ":" + digits.substring(3, 5) + ":" + digits.substring(5);
    }
}

package dev.jumbo.text.jinja;

import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Dates as C's {@code strftime} writes them in the C locale. */
final class StrftimeText {
    private StrftimeText() {}

    static String of(String format, ZonedDateTime time, Budget budget) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                text.append(c);
                continue;
            }
            char kind = format.charAt(++i);
            boolean plain = kind == '-' && i + 1 < format.length();
            String part = part(plain ? format.charAt(++i) : kind, time);
            text.append(plain ? part.replaceFirst("^0+(?=.)", "") : part);
            budget.makes(text.length());
        }
        return text.toString();
    }

    private static String part(char kind, ZonedDateTime time) {
        String pattern = switch (kind) {
            case 'd' -> "dd";
            case 'e' -> "ppd";
            case 'm' -> "MM";
            case 'Y' -> "yyyy";
            case 'y' -> "yy";
            case 'b', 'h' -> "MMM";
            case 'B' -> "MMMM";
            case 'a' -> "EEE";
            case 'A' -> "EEEE";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'p' -> "a";
            case 'j' -> "DDD";
            case 'f' -> "SSSSSS";
            case 'F' -> "yyyy-MM-dd";
            case 'T', 'X' -> "HH:mm:ss";
            case 'R' -> "HH:mm";
            case 'D', 'x' -> "MM/dd/yy";
            case 'c' -> "EEE MMM ppd HH:mm:ss yyyy";
            case 'n' -> "'\n'";
            case 't' -> "'\t'";
            case 'Z', 'z' -> "''";
            case '%' -> "'%'";
            default -> throw new Refused("strftime_now: expected a field of a date, received %" + kind);
        };
        return pattern.equals("''")
                ? ""
                : DateTimeFormatter.ofPattern(pattern, Locale.US).format(time);
    }
}

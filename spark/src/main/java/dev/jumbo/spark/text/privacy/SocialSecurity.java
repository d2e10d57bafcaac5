package dev.jumbo.spark.text.privacy;

import java.util.List;
import java.util.Set;

/**
 * Numbers of the Social Security of the United States: three, two and four digits between hyphens, or between blanks or together behind a word such as
 * <em>SSN</em>. No number has the area 000, 666 or 900 and above, the group 00 or the serial 0000 (20 CFR 422.103), nor is it the
 * one of the old specimen cards.
 */
final class SocialSecurity {
    private static final Set<String> LABELS = Set.of("ssn", "ssns", "ss", "social", "security");
    private static final Set<String> SPECIMENS = Set.of("078051120", "219099999");
    private static final int DIGITS = 9;

    private SocialSecurity() {}

    static void find(Line line, List<Span> found) {
        if (line.digits() < DIGITS) {
            return;
        }
        int at = line.start();
        while (at < line.end()) {
            if (!line.isDigit(at)) {
                at++;
                continue;
            }
            int end = isFree(line, at) ? end(line, at) : 0;
            if (end > 0) {
                found.add(new Span(PrivateKind.SSN, at, end));
                at = end;
            } else {
                while (at < line.end() && line.isDigit(at)) {
                    at++;
                }
            }
        }
    }

    private static boolean isFree(Line line, int start) {
        char before = line.at(start - 1);
        return !Character.isLetterOrDigit(before)
                && before != '$'
                && !((Separators.of(before) != Separators.NONE || before == '/' || before == ',' || before == ':')
                        && line.isDigit(start - 2));
    }

    /** The end of the number that starts here; 0 if none does. */
    private static int end(Line line, int start) {
        StringBuilder digits = new StringBuilder(DIGITS);
        char separator = Separators.NONE;
        int at = start;
        while (digits.length() < DIGITS) {
            if (digits.length() == 3 || digits.length() == 5) {
                char sign = Separators.of(line.at(at));
                if (digits.length() == 3) {
                    separator = sign;
                } else if (sign != separator) {
                    return 0;
                }
                at += sign == Separators.NONE ? 0 : 1;
            }
            if (!line.isDigit(at)) {
                return 0;
            }
            digits.append(line.at(at++));
        }
        boolean more = line.isLetterOrDigit(at)
                || (Separators.of(line.at(at)) != Separators.NONE || line.at(at) == '/') && line.isDigit(at + 1);
        boolean written =
                separator == Separators.HYPHEN || separator != Separators.DOT && Labels.before(line, start, LABELS);
        return !more && written && isIssued(digits.toString()) ? at : 0;
    }

    private static boolean isIssued(String digits) {
        return !digits.startsWith("000")
                && !digits.startsWith("666")
                && digits.charAt(0) != '9'
                && !digits.startsWith("00", 3)
                && !digits.endsWith("0000")
                && !SPECIMENS.contains(digits);
    }
}

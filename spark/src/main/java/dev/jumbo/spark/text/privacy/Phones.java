package dev.jumbo.spark.text.privacy;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.Leniency;
import java.util.List;

/**
 * Numbers that libphonenumber finds valid: with a country code after a plus, or national ones of a region. A national
 * number that is written without any sign between its digits is an identifier more often than a phone, and stays.
 */
final class Phones {
    private static final int FEWEST_DIGITS = 7;
    /** Characters on both sides that tell the library what a number is a part of. */
    private static final int CONTEXT = 12;

    private static final long TRIES = 1_000;
    private static final String SIGNS = "+()/";

    private Phones() {}

    static void find(Line line, String region, List<Span> found) {
        if (line.digits() < FEWEST_DIGITS) {
            return;
        }
        int at = line.start();
        while (at < line.end()) {
            if (!line.isDigit(at)) {
                at++;
                continue;
            }
            int digits = 0;
            int end = at;
            while (end < line.end() && (line.isDigit(end) || isSign(line.at(end)))) {
                digits += line.isDigit(end) ? 1 : 0;
                end++;
            }
            if (digits >= FEWEST_DIGITS) {
                look(line, at, end, region, found);
            }
            at = end;
        }
    }

    private static boolean isSign(char c) {
        return SIGNS.indexOf(c) >= 0 || Separators.of(c) != Separators.NONE;
    }

    private static void look(Line line, int start, int end, String region, List<Span> found) {
        int from = Math.max(line.start(), start - CONTEXT);
        int to = Math.min(line.end(), end + CONTEXT);
        String piece = Separators.plain(line.text().substring(from, to)); // The library knows fewer of them.
        for (PhoneNumberMatch match : PhoneNumberUtil.getInstance().findNumbers(piece, region, Leniency.VALID, TRIES)) {
            int begin = from + match.start();
            if (isWritten(match.rawString()) && begin < end && from + match.end() > start) {
                found.add(new Span(PrivateKind.PHONE, begin, from + match.end()));
            }
        }
    }

    /** Whether people write phones like this: with a plus, or in groups, which between dots are of three digits or more. */
    private static boolean isWritten(String number) {
        if (number.startsWith("+")) {
            return true;
        }
        boolean separated = false;
        int group = 0;
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            if (c == '.' && group < 3) {
                return false;
            }
            separated |= c < '0' || c > '9';
            group = c < '0' || c > '9' ? 0 : group + 1;
        }
        return separated;
    }
}

package dev.jumbo.spark.text.privacy;

import com.google.i18n.phonenumbers.PhoneNumberMatch;
import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.Leniency;
import com.google.re2j.Pattern;
import java.util.List;

/**
 * Numbers that libphonenumber finds valid: with a country code after a plus, or national ones of a region. A national
 * number that is written without any sign between its digits is an identifier more often than a phone, and stays, but behind a word such as
 * <em>phone</em>. Behind words such as <em>order</em> or <em>ISBN</em> no number is a phone, nor is one that a date is a part of.
 */
final class Phones {
    private static final int FEWEST_DIGITS = 7;
    /** Characters on both sides that tell the library what a number is a part of. */
    private static final int CONTEXT = 12;

    private static final long TRIES = 1_000;
    private static final String SIGNS = "+()/";
    private static final Pattern DATE = Pattern.compile("(?:^|[^0-9])(?:(?:19|20)[0-9]{2}[-/.](?:0?[1-9]|1[0-2])"
            + "|(?:0?[1-9]|[12][0-9]|3[01])[-/.](?:0?[1-9]|[12][0-9]|3[01])[-/.](?:19|20)[0-9]{2})(?:$|[^0-9])");

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
            boolean phone = Labels.before(line, begin, Labels.PHONE)
                    || isWritten(match.rawString())
                            && !DATE.matcher(match.rawString()).find()
                            && !Labels.before(line, begin, Labels.NO_PHONE);
            if (phone && begin < end && from + match.end() > start) {
                found.add(new Span(PrivateKind.PHONE, begin, from + match.end()));
            }
        }
    }

    /** Whether people write phones like this: with a plus, or in groups, which between dots are of three digits or more. */
    private static boolean isWritten(String number) {
        if (number.startsWith("+")) {
            return true;
        }
        if (number.contains("  ") && number.chars().allMatch(c -> c == ' ' || c >= '0' && c <= '9')) {
            return false; // A row of a table.
        }
        boolean separated = false;
        boolean other = false;
        int dots = 0;
        int group = 0;
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            boolean sign = c < '0' || c > '9';
            if (c == '.' && group < 3 || sign && group == 1 && i > 1) {
                return false; // A decimal, or a row of numbers: one digit alone is the trunk prefix in front.
            }
            dots += c == '.' ? 1 : 0;
            other |= (c < '0' || c > '9') && c != '.';
            separated |= c < '0' || c > '9';
            group = c < '0' || c > '9' ? 0 : group + 1;
        }
        return separated && (other || dots > 1); // With one dot it is a decimal.
    }
}

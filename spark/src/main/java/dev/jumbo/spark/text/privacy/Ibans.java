package dev.jumbo.spark.text.privacy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Bank account numbers: country, two check digits, and as many characters as that country has; modulo 97 it is 1. Between
 * capitals and digits there may be single blanks; written small, or with other {@link Separators}, it is whole or in groups
 * of four, and small it has few letters: prose and hashes have one chance in 97 to pass the checksum.
 */
final class Ibans {
    private static final Pattern BEGINNING = Pattern.compile("[A-Za-z][A-Za-z][0-9][0-9]");
    private static final int SHORTEST = 15;
    private static final int GROUP = 4;

    /** Of a number that is written small: the country, and a bank's four. */
    private static final int MOST_SMALL_LETTERS = 6;

    /** Characters in all, by country, from the registry of ISO 13616. */
    private static final Map<String, Integer> LENGTHS = lengths(
            "NO15 BE16 DK18 FI18 FO18 GL18 NL18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 XK20 CH21 HR21 LI21 LV21 BG22 BH22"
                    + " CR22 DE22 GB22 GE22 IE22 ME22 RS22 VA22 AE23 GI23 IL23 IQ23 TL23 OM23 AD24 CZ24 ES24 MD24 PK24"
                    + " RO24 SA24 SE24 SK24 TN24 VG24 LY25 PT25 ST25 IS26 TR26 BI27 DJ27 FR27 GR27 IT27 MC27 MR27 SM27"
                    + " AL28 AZ28 BY28 CY28 DO28 GT28 HU28 LB28 NI28 PL28 SV28 BR29 EG29 PS29 QA29 UA29 JO30 KW30 MU30"
                    + " YE30 MT31 SC31 LC32 RU33 SD18 SO23 MN20 FK18");

    private Ibans() {}

    private static Map<String, Integer> lengths(String table) {
        Map<String, Integer> lengths = new HashMap<>();
        for (String entry : table.split(" ")) {
            lengths.put(entry.substring(0, 2), Integer.parseInt(entry.substring(2)));
        }
        return Map.copyOf(lengths);
    }

    static void find(Line line, List<Span> found) {
        if (line.digits() < 4 || line.end() - line.start() < SHORTEST) {
            return;
        }
        Matcher matcher = BEGINNING.matcher(line.text().subSequence(line.start(), line.end()));
        for (int from = 0; matcher.find(from); ) {
            int start = line.start() + matcher.start();
            int end = line.isLetterOrDigit(start - 1) ? 0 : end(line, start);
            if (end > 0) {
                found.add(new Span(PrivateKind.IBAN, start, end));
            }
            from = (end > 0 ? end : start + 1) - line.start();
            if (from > line.end() - line.start()) {
                break;
            }
        }
    }

    /** The end of the account number that starts here; 0 if none does. */
    private static int end(Line line, int start) {
        int length =
                LENGTHS.getOrDefault(line.text().substring(start, start + 2).toUpperCase(Locale.ROOT), 0);
        char[] account = new char[length];
        int count = 0;
        int at = start;
        int letters = 0;
        char separator = Separators.NONE;
        boolean small = false;
        boolean fours = true;
        while (count < length && at < line.end()) {
            char c = line.at(at);
            if (isLetterOrDigit(c)) {
                small |= c >= 'a';
                letters += c > '9' ? 1 : 0;
                account[count++] = c;
            } else {
                char sign = Separators.of(c);
                if (sign == Separators.NONE
                        || !isLetterOrDigit(line.at(at + 1))
                        || separator != Separators.NONE && separator != sign) {
                    return 0;
                }
                separator = sign;
                fours &= count % GROUP == 0;
            }
            at++;
        }
        if (!fours && (small || separator != Separators.BLANK) || small && letters > MOST_SMALL_LETTERS) {
            return 0;
        }
        return count == length && length > 0 && !line.isLetterOrDigit(at) && remainder(account) == 1 ? at : 0;
    }

    private static boolean isLetterOrDigit(char c) {
        return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z';
    }

    /** Of the number with its first four characters at the end, letters counting from A = 10. */
    private static int remainder(char[] account) {
        int remainder = 0;
        for (int i = 0; i < account.length; i++) {
            int value = Character.digit(account[(i + 4) % account.length], 36);
            remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
        }
        return remainder;
    }
}

package dev.jumbo.spark.text.privacy;

import java.util.List;

/**
 * Hardware addresses (IEEE 802): six pairs of hexadecimal digits between colons or hyphens, but all zeros and all ones. Between hyphens one of them is
 * a letter: other numbers of two digits stand in rows like this.
 */
final class Macs {
    private static final int LENGTH = 17;

    private Macs() {}

    static void find(Line line, List<Span> found) {
        if (line.end() - line.start() < LENGTH || line.colons() < 5 && line.hyphens() < 5) {
            return;
        }
        for (int start = line.start(); start + LENGTH <= line.end(); start++) {
            if (isHex(line.at(start)) && isFree(line, start) && isAddress(line, start)) {
                found.add(new Span(PrivateKind.MAC, start, start + LENGTH));
                start += LENGTH;
            }
        }
    }

    private static boolean isFree(Line line, int start) {
        char before = line.at(start - 1);
        char after = line.at(start + LENGTH);
        boolean more = (after == ':' || after == '-') && isHex(line.at(start + LENGTH + 1));
        return !Character.isLetterOrDigit(before)
                && before != '-'
                && !(before == ':' && isHex(line.at(start - 2)))
                && !Character.isLetterOrDigit(after)
                && !more;
    }

    private static boolean isAddress(Line line, int start) {
        char sign = line.at(start + 2);
        if (sign != ':' && sign != '-') {
            return false;
        }
        boolean zeros = true;
        boolean ones = true;
        boolean letter = false;
        for (int i = 0; i < LENGTH; i++) {
            char c = line.at(start + i);
            if (i % 3 == 2 ? c != sign : !isHex(c)) {
                return false;
            }
            letter |= c > '9' && c != ':';
            zeros &= i % 3 == 2 || c == '0';
            ones &= i % 3 == 2 || c == 'f' || c == 'F';
        }
        return !zeros && !ones && (letter || sign == ':');
    }

    private static boolean isHex(char c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }
}

package dev.jumbo.spark.text.privacy;

import java.util.List;

/**
 * Numbers of payment cards: 13 to 19 digits, together or in groups with single {@link Separators} of one sort, of a length
 * that the network with this prefix has, with Luhn's checksum. Between dots there are three groups or more, of four to six
 * digits but for the last: other numbers with dots are versions, amounts and decimals. Nine of ten numbers of the right form fail the checksum. 13 digits that
 * pass the checksum of barcodes (EAN-13) are one of these: cards of 13 digits are no longer made.
 */
final class Cards {
    private static final int SHORTEST = 13;
    private static final int LONGEST = 19;

    private Cards() {}

    static void find(Line line, List<Span> found) {
        if (line.digits() < SHORTEST) {
            return;
        }
        int at = line.start();
        while (at < line.end()) {
            if (!line.isDigit(at) || !startsNumber(line, at)) {
                at++;
                continue;
            }
            int end = cardEnd(line, at);
            if (end > 0) {
                found.add(new Span(PrivateKind.CARD, at, end));
                at = end;
            } else {
                while (at < line.end() && line.isDigit(at)) {
                    at++;
                }
            }
        }
    }

    /** Whether the digit is the first of a number that is no part of a word, a decimal or an amount. */
    private static boolean startsNumber(Line line, int at) {
        char before = line.at(at - 1);
        return !Character.isLetterOrDigit(before)
                && before != '$'
                && !((before == '.' || before == ',') && line.isDigit(at - 2));
    }

    /** The end of the longest card that starts here; 0 if none does. */
    private static int cardEnd(Line line, int start) {
        int[] digits = new int[LONGEST];
        int count = 0;
        int end = 0;
        char separator = Separators.NONE;
        Groups groups = new Groups();
        for (int at = start; at < line.end() && count < LONGEST; at++) {
            char c = line.at(at);
            if (line.isDigit(at)) {
                digits[count++] = c - '0';
                groups.digit();
                boolean last = !line.isLetterOrDigit(at + 1)
                        && !((line.at(at + 1) == '.' || line.at(at + 1) == ',') && line.isDigit(at + 2));
                boolean written = separator == Separators.DOT ? groups.areOfCard() : groups.areLong();
                if (last && written && isNetwork(digits, count) && luhn(digits, count) && !isBarcode(digits, count)) {
                    end = at + 1;
                }
            } else {
                char sign = Separators.of(c);
                if (sign == Separators.NONE
                        || !line.isDigit(at + 1)
                        || separator != Separators.NONE && separator != sign) {
                    break;
                }
                separator = sign;
                groups.close();
            }
        }
        return end;
    }

    /** The groups of a number so far. */
    private static final class Groups {
        private int closed;
        private int open;
        private int shortest = LONGEST;
        private boolean usual = true;

        void digit() {
            open++;
        }

        void close() {
            usual &= open >= 4 && open <= 6;
            shortest = Math.min(shortest, open);
            closed++;
            open = 0;
        }

        /** Three digits and more: the numbers from 41 to 48 are no card. */
        boolean areLong() {
            return shortest >= 3;
        }

        boolean areOfCard() {
            return usual && closed >= 2 && open >= 3 && open <= 6;
        }
    }

    private static boolean isNetwork(int[] d, int count) {
        if (count < SHORTEST) {
            return false;
        }
        int two = d[0] * 10 + d[1];
        int four = two * 100 + d[2] * 10 + d[3];
        boolean visa = d[0] == 4 && (count == 13 || count == 16 || count == 19);
        boolean mastercard = count == 16 && (two >= 51 && two <= 55 || four >= 2221 && four <= 2720);
        boolean express = count == 15 && (two == 34 || two == 37);
        boolean discover = count >= 16 && (four == 6011 || two == 65 || four >= 6440 && four <= 6499);
        boolean jcb = count >= 16 && four >= 3528 && four <= 3589;
        boolean diners = count == 14 && (two == 36 || two == 38 || four >= 3000 && four <= 3059);
        boolean unionPay = count >= 16 && two == 62;
        return visa || mastercard || express || discover || jcb || diners || unionPay;
    }

    /** Whether 13 digits have, with weights 1 and 3 by turns, a sum that is a multiple of ten. */
    private static boolean isBarcode(int[] digits, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            sum += i % 2 == 0 ? digits[i] : 3 * digits[i];
        }
        return count == SHORTEST && sum % 10 == 0;
    }

    /** From the right, every second digit counts double, with its digits added up; the sum is a multiple of ten. */
    static boolean luhn(int[] digits, int count) {
        int sum = 0;
        for (int i = 0; i < count; i++) {
            int digit = digits[count - 1 - i];
            int value = i % 2 == 0 ? digit : digit * 2;
            sum += value > 9 ? value - 9 : value;
        }
        return sum % 10 == 0;
    }
}

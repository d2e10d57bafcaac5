package dev.jumbo.spark.text.quality;

import java.util.Arrays;

/**
 * Words as spaCy's rules for English split them, which datatrove counts by: at white space, then marks off both ends again and again, then at marks inside,
 * but for exceptions and addresses. Marks are words of their own. Positions only.
 *
 * <p>The rules are those that spaCy 3.8 documents ("Linguistic features: tokenization"); fixtures of make_datatrove_fixtures.py hold them to it.
 */
final class SpacyWords {
    private final String text;
    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int count;

    private SpacyWords(String text) {
        this.text = text;
    }

    static SpacyWords of(String text) {
        SpacyWords words = new SpacyWords(text);
        words.run();
        return words;
    }

    /** Number of words. */
    int count() {
        return count;
    }

    int start(int word) {
        return starts[word];
    }

    int end(int word) {
        return ends[word];
    }

    String word(int word) {
        return text.substring(starts[word], ends[word]);
    }

    private void run() {
        for (int at = 0; at < text.length(); ) {
            int end = at;
            while (end < text.length() && !PythonText.isSpace(text.charAt(end))) {
                end++;
            }
            if (end > at) {
                int first = count;
                split(at, end);
                if (count > first + 1) {
                    join(first);
                }
            }
            at = end + 1;
        }
    }

    /** Splits what stands between white space. */
    private void split(int from, int to) {
        int low = from;
        int high = to;
        int last = 0;
        int[] suffixes = new int[4];
        int cut = 0;
        while (low < high && high - low != last && SpacyExceptions.parts(text, low, high) == null) {
            last = high - low;
            int prefix = prefix(low, high);
            if (prefix > 0 && low + prefix < high && SpacyExceptions.parts(text, low + prefix, high) != null) {
                add(low, low + prefix);
                low += prefix;
                break;
            }
            int suffix = suffix(low + prefix, high);
            boolean stop = suffix > 0 && low < high - suffix && SpacyExceptions.parts(text, low, high - suffix) != null;
            if (prefix > 0 && !stop) {
                add(low, low + prefix);
                low += prefix;
            }
            if (suffix > 0) {
                suffixes = cut == suffixes.length ? Arrays.copyOf(suffixes, 2 * cut) : suffixes;
                suffixes[cut++] = suffix;
                high -= suffix;
            }
            if (stop) {
                break;
            }
        }
        if (low < high) {
            middle(low, high);
        }
        for (int end = high; cut > 0; cut--) {
            add(end, end + suffixes[cut - 1]);
            end += suffixes[cut - 1];
        }
    }

    private void middle(int from, int to) {
        if (exception(from, to)) {
            return;
        }
        if (SpacyUrls.matches(text, from, to)) {
            add(from, to);
            return;
        }
        int start = from;
        for (int at = from; at < to; ) {
            int infix = infix(from, at, to);
            if (infix == 0 || at == from) {
                // A mark in front that is no prefix stays where it is.
                at += Math.max(infix, 1);
                continue;
            }
            if (at > start) {
                add(start, at);
            }
            add(at, at + infix);
            at += infix;
            start = at;
        }
        if (start < to) {
            add(start, to);
        }
    }

    /** Puts neighbours together that are an exception side by side. */
    private void join(int first) {
        for (int i = first; i < count - 1; i++) {
            for (int j = Math.min(count - 1, i + 5); j > i; j--) {
                int[] parts = SpacyExceptions.parts(text, starts[i], ends[j]);
                if (parts == null || parts.length > j - i + 1) {
                    continue;
                }
                int at = starts[i];
                int last = j;
                for (int k = 0; k < parts.length; k++) {
                    starts[i + k] = at;
                    at += parts[k];
                    ends[i + k] = at;
                }
                int gone = last - i + 1 - parts.length;
                System.arraycopy(starts, last + 1, starts, last + 1 - gone, count - last - 1);
                System.arraycopy(ends, last + 1, ends, last + 1 - gone, count - last - 1);
                count -= gone;
                i += parts.length - 1;
                break;
            }
        }
    }

    private boolean exception(int from, int to) {
        int[] parts = SpacyExceptions.parts(text, from, to);
        if (parts == null) {
            return false;
        }
        int at = from;
        for (int part : parts) {
            add(at, at + part);
            at += part;
        }
        return true;
    }

    private void add(int from, int to) {
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        starts[count] = from;
        ends[count++] = to;
    }

    private char at(int position, int from, int to) {
        return position < from || position >= to ? 0 : text.charAt(position);
    }

    /** Characters to split off in front. */
    private int prefix(int from, int to) {
        char c = text.charAt(from);
        if (c == '+') {
            return SpacyCharacters.isDigit(at(from + 1, from, to)) ? 0 : 1;
        }
        if (c == '.') {
            int dots = run(from, to, '.');
            return dots > 1 ? dots : 0;
        }
        if ("\u00a7%=\u2014\u2013".indexOf(c) >= 0 || SpacyCharacters.isMark(c) || SpacyCharacters.isCurrency(c)) {
            return 1;
        }
        return at(from + 1, from, to) == '$' && (c == 'C' || c == 'A')
                ? 2
                : text.startsWith("US$", from) && from + 3 <= to ? 3 : 0;
    }

    private int run(int from, int to, char c) {
        int end = from;
        while (end < to && text.charAt(end) == c) {
            end++;
        }
        return end - from;
    }

    /** Characters to split off behind. */
    private int suffix(int from, int to) {
        if (from >= to) {
            return 0;
        }
        char c = text.charAt(to - 1);
        char before = at(to - 2, from, to);
        if (c == '.') {
            return stop(from, to, before);
        }
        if ((c == 's' || c == 'S') && (before == '\'' || before == '\u2019')) {
            return 2;
        }
        if (c == '\u2026' && before == '\u2026') {
            return 2;
        }
        if (SpacyCharacters.isMark(c)
                || c == '\u2014'
                || c == '\u2013'
                || c == '+' && SpacyCharacters.isDigit(before)) {
            return 1;
        }
        return amount(from, to, c);
    }

    private int stop(int from, int to, char before) {
        int dots = 0;
        while (to - dots > from && text.charAt(to - dots - 1) == '.') {
            dots++;
        }
        if (dots > 1) {
            return dots;
        }
        char second = at(to - 3, from, to);
        boolean split = SpacyCharacters.isBeforeStop(before)
                || SpacyCharacters.isUpper(before) && SpacyCharacters.isUpper(second)
                || "FfCcKk".indexOf(before) >= 0 && before != 0 && second == '\u00b0';
        return split && before != 0 ? 1 : 0;
    }

    /** A currency or unit behind a digit. */
    private int amount(int from, int to, char c) {
        if (SpacyCharacters.isCurrency(c)) {
            for (int length = 3; length > 1; length--) {
                String sign = length == 3 ? "US$" : at(to - 2, from, to) + "$";
                if (to - from > length
                        && (length == 3 || sign.equals("C$") || sign.equals("A$"))
                        && text.startsWith(sign, to - length)
                        && SpacyCharacters.isDigit(text.charAt(to - length - 1))) {
                    return length;
                }
            }
            return SpacyCharacters.isDigit(at(to - 2, from, to)) ? 1 : 0;
        }
        int longest = 0;
        for (String unit : SpacyCharacters.UNITS) {
            int start = to - unit.length();
            if (unit.length() > longest
                    && start > from
                    && SpacyCharacters.isDigit(text.charAt(start - 1))
                    && text.startsWith(unit, start)) {
                longest = unit.length();
            }
        }
        return longest;
    }

    /** Characters that split a word here. */
    private int infix(int from, int at, int to) {
        char c = text.charAt(at);
        char before = at(at - 1, from, to);
        char after = at(at + 1, from, to);
        if (c == '.') {
            int dots = run(at, to, '.');
            boolean sentence = (SpacyCharacters.isLower(before) || SpacyCharacters.isQuote(before))
                    && (SpacyCharacters.isUpper(after) || SpacyCharacters.isQuote(after));
            return dots > 1 ? dots : sentence ? 1 : 0;
        }
        if (c == '\u2026' || SpacyCharacters.isIcon(c)) {
            return 1;
        }
        if ("+-*^".indexOf(c) >= 0
                && SpacyCharacters.isDigit(before)
                && (SpacyCharacters.isDigit(after) || after == '-')) {
            return 1;
        }
        boolean letter = SpacyCharacters.isLetter(before);
        if (c == ',') {
            return letter && SpacyCharacters.isLetter(after) ? 1 : 0;
        }
        if (!letter && !SpacyCharacters.isDigit(before)) {
            return 0;
        }
        if (":<>=/".indexOf(c) >= 0) {
            return SpacyCharacters.isLetter(after) ? 1 : 0;
        }
        if ("-\u2013\u2014~".indexOf(c) >= 0) {
            int length = c == '~' || c == '\u2013' ? 1 : run(at, to, c);
            int most = c == '-' ? 3 : 2;
            return length <= most && SpacyCharacters.isLetter(at(at + length, from, to)) ? length : 0;
        }
        return 0;
    }
}

package dev.jumbo.data.table;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A text that may be a number, taken apart: sign (also a trailing one, and accounting's brackets), currency before or
 * behind, digits with their marks, magnitude, unit.
 *
 * <p>A cell alone does not tell whether {@code 1,234} is a thousand or one and a bit: {@link #marks} says what it shows,
 * and {@link NumberMarks} decides for a column.
 *
 * @param negative by a sign before or behind, or by brackets
 * @param digits the number without sign, with its marks, blanks of all sorts as one plain blank and apostrophes as {@code '}
 * @param exponent 10 to this power is a factor: of k, M and bn, and of percent
 * @param currency a symbol or a code before or behind; empty: none
 * @param unit what else stands behind; empty: none
 */
public record NumberText(boolean negative, String digits, int exponent, String currency, String unit) {
    /** No number is longer; bounds the work on texts of any length. */
    private static final int LONGEST = 100;

    private static final String MINUS = "-\u2212\u2013\uFE63\uFF0D";
    private static final String BLANKS = " \u00A0\u202F\u2009\u2007";

    private static final String GAP = "[\\s" + BLANKS + "]*";

    private static final String CURRENCY = "(?:[A-Z]{1,3})?\\p{Sc}|Rs\\.?|kr\\.?|z\u0142|K\u010D|Ft|Fr\\.?|[A-Z]{3}";
    private static final String DIGITS =
            "(?:(?:\\d[\\d.,'\u2019" + BLANKS + "]*\\d|\\d)\\.?|[.,]\\d+)(?:[eE][-+]?\\d{1,3}(?!\\d))?";
    private static final Pattern WHOLE = Pattern.compile("(?<sign>[" + MINUS + "+])?" + GAP + "(?<before>" + CURRENCY
            + ")?" + GAP + "(?<inner>[" + MINUS + "+])?(?<digits>" + DIGITS + ")(?<behind>.*)");
    private static final Pattern BRACKETS =
            Pattern.compile("(?<before>[^()\\d]*)\\((?<inside>[^()]*)\\)(?<behind>[^()]*)");
    private static final Pattern BEHIND =
            Pattern.compile("(?<trailing>" + GAP + "[" + MINUS + "](?![\\p{L}\\d]))?(?<unit>.*?)");
    private static final Pattern UNIT =
            Pattern.compile("[\\p{L}\u00B0\u00B5'\"\u2032\u2033%\u2030][\\p{L}\\p{M}.,/\u00B2\u00B3\u00B0\u00B5\\s"
                    + BLANKS + "\\p{Sc}-]*");
    /** Behind the digits, with a blank or without. */
    private static final Map<String, Integer> MAGNITUDES = Map.ofEntries(
            Map.entry("k", 3),
            Map.entry("K", 3),
            Map.entry("thousand", 3),
            Map.entry("M", 6),
            Map.entry("MM", 6),
            Map.entry("mn", 6),
            Map.entry("mln", 6),
            Map.entry("Mio", 6),
            Map.entry("Mio.", 6),
            Map.entry("million", 6),
            Map.entry("millions", 6),
            Map.entry("bn", 9),
            Map.entry("Bn", 9),
            Map.entry("B", 9),
            Map.entry("Mrd", 9),
            Map.entry("Mrd.", 9),
            Map.entry("billion", 9),
            Map.entry("billions", 9),
            Map.entry("tn", 12),
            Map.entry("T", 12),
            Map.entry("trillion", 12));
    /** Too much like kelvin, bytes and tonnes unless they stand right behind the digits. */
    private static final Set<String> ATTACHED = Set.of("K", "B", "T");
    /** Millions or metres, credit or debit: nobody can tell. */
    private static final Set<String> UNCLEAR =
            Set.of("m", "b", "t", "g", "G", "cr", "dr", "cr.", "dr.", "lakh", "crore");

    private static final Set<String> CODES = Currency.getAvailableCurrencies().stream()
            .map(Currency::getCurrencyCode)
            .collect(Collectors.toUnmodifiableSet());
    private static final Pattern EXPONENT = Pattern.compile("([^eE]*)(?:[eE]([-+]?\\d{1,3}))?");

    /**
     * How a number is written.
     *
     * @param units texts that may stand before or behind as a unit; empty: any word behind, unless {@code strict}
     * @param strict no units but those
     * @param percent a percent sign divides by 100
     * @param magnitudes k, M and bn are factors
     */
    public record Style(Set<String> units, boolean strict, boolean percent, boolean magnitudes) {
        public Style {
            units = Set.copyOf(units);
        }

        /** Currency, percent and magnitudes, no other units. */
        public static final Style PLAIN = new Style(Set.of(), true, true, true);
    }

    /** Takes a text apart; null if it is no number of this style. */
    public static @Nullable NumberText of(String text, Style style) {
        if (text.length() > LONGEST) {
            return null;
        }
        String stripped = stripped(text);
        String before = Stream.concat(style.units().stream(), Stream.of(""))
                .filter(u -> !u.isEmpty() && !Character.isDigit(u.charAt(0)) && stripped.startsWith(u))
                .findFirst()
                .orElse("");
        String rest = before.isEmpty() ? stripped : stripped(stripped.substring(before.length()));
        Matcher brackets = BRACKETS.matcher(rest);
        boolean bracketed = brackets.matches();
        Matcher m = WHOLE.matcher(
                bracketed ? brackets.group("before") + brackets.group("inside") + brackets.group("behind") : rest);
        if (!m.matches()) {
            return null;
        }
        Matcher behind = BEHIND.matcher(m.group("behind"));
        if (!behind.matches()) {
            return null;
        }
        int signs = count(m.group("sign")) + count(m.group("inner")) + count(behind.group("trailing"));
        if (signs + (bracketed ? 1 : 0) > 1) {
            return null;
        }
        boolean negative =
                bracketed || isMinus(m.group("sign")) || isMinus(m.group("inner")) || behind.group("trailing") != null;
        String currency = m.group("before") == null ? "" : m.group("before");
        if (!currency.isEmpty() && !isCurrency(currency)) {
            return null;
        }
        String unit = behind.group("unit");
        return with(negative, plain(m.group("digits")), currency, unit, style);
    }

    private static @Nullable NumberText with(
            boolean negative, String digits, String currency, String behind, Style style) {
        boolean attached = !behind.isEmpty() && !isBlank(behind.charAt(0));
        String unit = stripped(behind);
        if (style.units().contains(unit)) {
            return new NumberText(negative, digits, 0, currency, unit);
        }
        int exponent = 0;
        if (style.magnitudes()) {
            String word = unit.split("[\\s\\p{Sc}" + BLANKS + "]", 2)[0];
            Integer power = MAGNITUDES.get(word);
            if (power == null && attached && !currency.isEmpty() && word.equals("m")) {
                power = 6;
            }
            if (power != null && (attached || !ATTACHED.contains(word) || !currency.isEmpty())) {
                exponent = power;
                unit = stripped(unit.substring(word.length()));
            } else if (power != null) {
                return null;
            }
        }
        if (style.percent() && (unit.equals("%") || unit.equals("percent") || unit.equals("pct"))) {
            return new NumberText(negative, digits, exponent - 2, currency, "%");
        }
        if (style.percent() && unit.equals("\u2030")) {
            return new NumberText(negative, digits, exponent - 3, currency, unit);
        }
        if (isCurrency(unit) && currency.isEmpty()) {
            return new NumberText(negative, digits, exponent, unit, "");
        }
        boolean known = unit.isEmpty() || style.units().contains(unit);
        if (!known
                && (style.strict()
                        || !style.units().isEmpty()
                        || !UNIT.matcher(unit).matches())) {
            return null;
        }
        if (!known && (UNCLEAR.contains(unit) || UNCLEAR.contains(unit.toLowerCase(Locale.ROOT)))) {
            return null;
        }
        return new NumberText(negative, digits, exponent, currency, unit);
    }

    /** What the marks between the digits show. */
    public NumberMarks marks() {
        return NumberMarks.of(mantissa());
    }

    /** The number, exactly; null if its marks do not fit. */
    public @Nullable BigDecimal value(char decimal, @Nullable String thousands) {
        String mantissa = mantissa();
        if (!NumberMarks.fits(mantissa, decimal, thousands)) {
            return null;
        }
        StringBuilder plain = new StringBuilder(negative ? "-" : "");
        for (char c : mantissa.toCharArray()) {
            if (c >= '0' && c <= '9') {
                plain.append(c);
            } else if (c == decimal) {
                plain.append('.');
            }
        }
        Matcher m = EXPONENT.matcher(digits);
        int power = m.matches() && m.group(2) != null ? Integer.parseInt(m.group(2)) : 0;
        return new BigDecimal(plain.toString()).scaleByPowerOfTen(power + exponent);
    }

    private String mantissa() {
        Matcher m = EXPONENT.matcher(digits);
        return m.matches() ? m.group(1) : digits;
    }

    private static int count(@Nullable String sign) {
        return sign == null ? 0 : 1;
    }

    private static boolean isMinus(@Nullable String sign) {
        return sign != null && MINUS.indexOf(sign.charAt(0)) >= 0;
    }

    private static boolean isCurrency(String text) {
        return text.matches(CURRENCY) && (!text.matches("[A-Z]{3}") || CODES.contains(text));
    }

    /** One sort of blank, one sort of apostrophe. */
    private static String plain(String digits) {
        StringBuilder plain = new StringBuilder();
        for (char c : digits.toCharArray()) {
            plain.append(BLANKS.indexOf(c) >= 0 ? ' ' : c == '\u2019' ? '\'' : c);
        }
        return plain.toString();
    }

    private static String stripped(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isBlank(text.charAt(from))) {
            from++;
        }
        while (to > from && isBlank(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || BLANKS.indexOf(c) >= 0;
    }
}

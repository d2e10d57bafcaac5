package dev.jumbo.serve.repository.disk;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Pattern;

/** Names of models and versions, and the order of versions. */
public final class VersionNames {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    /** What programs that copy call a directory until it is whole. */
    private static final Pattern UNFINISHED = Pattern.compile(".*\\.(tmp|temp|part|partial|incoming|swp|bak|old)");

    /**
     * Numbers by their value, before them all other names in alphabetical order: the newest is the last. Of two names of one number
     * ({@code 2} and {@code 002}) the shorter is the first.
     */
    public static final Comparator<String> ORDER = VersionNames::compare;

    private VersionNames() {}

    /** Whether it can name a model or a version: {@code [A-Za-z0-9][A-Za-z0-9._-]{0,63}}, and not what a copy is called on its way. */
    public static boolean isName(String name) {
        return NAME.matcher(name).matches()
                && !UNFINISHED.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }

    /** Whether it is left aside on purpose: hidden, or what a copy is called on its way. */
    static boolean isLeftAside(String name) {
        return name.startsWith(".")
                || UNFINISHED.matcher(name.toLowerCase(Locale.ROOT)).matches();
    }

    /** Whether two names are one number, as {@code 1} and {@code 01} are. */
    static boolean isSameNumber(String one, String other) {
        return NUMBER.matcher(one).matches()
                && NUMBER.matcher(other).matches()
                && new BigInteger(one).equals(new BigInteger(other));
    }

    private static int compare(String left, String right) {
        boolean leftNumber = NUMBER.matcher(left).matches();
        boolean rightNumber = NUMBER.matcher(right).matches();
        if (leftNumber && rightNumber) {
            int byValue = new BigInteger(left).compareTo(new BigInteger(right));
            return byValue != 0 ? byValue : Integer.compare(left.length(), right.length());
        }
        return leftNumber == rightNumber ? left.compareTo(right) : Boolean.compare(leftNumber, rightNumber);
    }
}

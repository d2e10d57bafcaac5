package dev.jumbo.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The nearest known name to one that is not known, for messages such as {@code unknown key "epoch"; did you mean "epochs"?} */
public final class Nearest {
    private static final int SHOWN = 10;
    private static final int LONGEST = 40;

    /** A longer name is no misspelt one, and comparing it would take a time that grows with its length. */
    private static final int COMPARED = 200;

    private Nearest() {}

    /** The known name with the smallest edit distance, if it is near enough to be meant (a third of its length, at least two edits). */
    public static Optional<String> to(String name, Collection<String> known) {
        if (name.length() > COMPARED) {
            return Optional.empty();
        }
        String wanted = name.toLowerCase(Locale.ROOT);
        return known.stream()
                .min(Comparator.comparingInt((String k) -> distance(wanted, k.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(k -> distance(wanted, k.toLowerCase(Locale.ROOT)) <= Math.max(2, k.length() / 3));
    }

    /** {@code  (did you mean "x"?)} with a leading blank, or {@link #list} of the known names where none is near. */
    public static String hint(String name, Collection<String> known) {
        return to(name, known)
                .map(k -> " (did you mean \"" + k + "\"?)")
                .orElseGet(() -> " (known: " + list(known) + ")");
    }

    /** The known names in alphabetical order: the first ten, and how many there are beside. Long ones are cut. */
    public static String list(Collection<String> known) {
        return first(known.stream().sorted().toList());
    }

    /** As {@link #list}, in the order that they have. */
    public static String first(Collection<String> known) {
        String first = known.stream().limit(SHOWN).map(Nearest::cut).collect(Collectors.joining(", "));
        int more = known.size() - SHOWN;
        return more <= 0 ? first : first + String.format(Locale.ROOT, " and %,d more", more);
    }

    private static String cut(String name) {
        return name.length() <= LONGEST ? name : name.substring(0, LONGEST - 1) + "\u2026";
    }

    /** Levenshtein's distance: insertions, deletions and substitutions cost one each. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitute, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}

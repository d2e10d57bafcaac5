package dev.jumbo.error;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** The nearest known name to one that is not known, for messages such as {@code unknown key "epoch"; did you mean "epochs"?} */
public final class Nearest {
    private Nearest() {}

    /** The known name with the smallest edit distance, if it is near enough to be meant (a third of its length, at least two edits). */
    public static Optional<String> to(String name, Collection<String> known) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return known.stream()
                .min(Comparator.comparingInt((String k) -> distance(wanted, k.toLowerCase(Locale.ROOT)))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(k -> distance(wanted, k.toLowerCase(Locale.ROOT)) <= Math.max(2, k.length() / 3));
    }

    /** {@code  (did you mean "x"?)} with a leading blank, or the list of all known names where none is near. */
    public static String hint(String name, Collection<String> known) {
        return to(name, known)
                .map(k -> " (did you mean \"" + k + "\"?)")
                .orElseGet(() ->
                        " (known: " + String.join(", ", known.stream().sorted().toList()) + ")");
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

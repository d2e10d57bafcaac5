package dev.jumbo.spark.text.language;

import com.github.pemistahl.lingua.api.IsoCode639_1;
import dev.jumbo.error.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells languages apart by their letters. A text of n letters has in language l the likelihood exp s(l) by {@link LetterModels}; its confidence is
 * exp(s(l)/√n) / Σ exp(s(k)/√n). The root is there because letters of a text depend on each other: without it, nearly all confidences
 * are 0 or 1, and half a text in one language and half in another would be certainly in one of them.
 */
final class Languages {
    private static final Map<List<String>, Languages> MADE = new ConcurrentHashMap<>();

    private final List<String> codes;
    private final LetterModels models;

    private Languages(List<String> codes) {
        this.codes = codes;
        models = LetterModels.of(codes);
    }

    /** The most likely language. @param code ISO 639-1, or empty if the text has no letters of any of them */
    record Guess(String code, double confidence) {}

    /** Made once in a JVM: models are large. @param codes ISO 639-1, at least two */
    static Languages between(List<String> codes) {
        return MADE.computeIfAbsent(List.copyOf(new TreeSet<>(codes)), Languages::new);
    }

    private static IsoCode639_1 isoCode(String code) {
        try {
            IsoCode639_1 found = IsoCode639_1.valueOf(code.toUpperCase(Locale.ROOT));
            if (found != IsoCode639_1.NONE) {
                return found;
            }
        } catch (IllegalArgumentException e) {
            // Refused below, as the placeholder is.
        }
        throw new InputException("expected a language as one of the ISO 639-1 codes "
                + String.join(", ", known())
                + ", received \"" + code + "\"");
    }

    /** Refuses codes that no model is known for. */
    static void check(List<String> codes) {
        codes.forEach(Languages::isoCode);
    }

    private static List<String> known() {
        return Arrays.stream(IsoCode639_1.values())
                .filter(code -> code != IsoCode639_1.NONE)
                .map(code -> code.name().toLowerCase(Locale.ROOT))
                .sorted()
                .toList();
    }

    /** The most likely language of a text. */
    Guess guess(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        double[] sums = new double[codes.size()];
        int letters = 0;
        int start = 0;
        for (int i = 0; i <= lower.length(); i++) {
            if (i == lower.length() || !Character.isLetter(lower.charAt(i))) {
                letters += models.add(lower, start, i, sums);
                start = i + 1;
            }
        }
        if (letters == 0) {
            return new Guess("", 0);
        }
        int best = 0;
        for (int i = 1; i < sums.length; i++) {
            best = sums[i] > sums[best] ? i : best;
        }
        double all = 0;
        for (double sum : sums) {
            all += Math.exp((sum - sums[best]) / Math.sqrt(letters));
        }
        return new Guess(codes.get(best), 1 / all);
    }
}

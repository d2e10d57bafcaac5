package dev.jumbo.spark.text.language;

import com.github.pemistahl.lingua.api.IsoCode639_1;
import com.github.pemistahl.lingua.api.Language;
import com.github.pemistahl.lingua.api.LanguageDetector;
import com.github.pemistahl.lingua.api.LanguageDetectorBuilder;
import dev.jumbo.error.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Detectors by the languages they choose between, made once in a JVM: their models are large. */
final class Languages {
    private static final Map<List<String>, Languages> MADE = new ConcurrentHashMap<>();

    private final LanguageDetector detector;

    private Languages(LanguageDetector detector) {
        this.detector = detector;
    }

    /** The most likely language. @param code ISO 639-1, or empty if the text has no letters of any of them */
    record Guess(String code, double confidence) {}

    /** @param codes ISO 639-1, at least two */
    static Languages between(List<String> codes) {
        List<String> key = List.copyOf(new TreeSet<>(codes));
        return MADE.computeIfAbsent(key, Languages::make);
    }

    private static Languages make(List<String> codes) {
        Language[] languages = codes.stream()
                .map(code -> Language.getByIsoCode639_1(isoCode(code)))
                .toArray(Language[]::new);
        // Three letters at a time. Models of up to five cost ten times the memory and help with a few words only.
        return new Languages(LanguageDetectorBuilder.fromLanguages(languages)
                .withLowAccuracyMode()
                .build());
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
        SortedMap<Language, Double> confidences = detector.computeLanguageConfidenceValues(text);
        if (confidences.isEmpty()) {
            return new Guess("", 0);
        }
        Language best = confidences.firstKey();
        return new Guess(best.getIsoCode639_1().name().toLowerCase(Locale.ROOT), confidences.getOrDefault(best, 0.0));
    }
}

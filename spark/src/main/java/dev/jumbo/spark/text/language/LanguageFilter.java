package dev.jumbo.spark.text.language;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import dev.jumbo.spark.text.TextStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Keeps documents in wanted languages, and notes language and confidence in what is known of them ({@link
 * Document#LANGUAGE}, {@link Document#LANGUAGE_SCORE}).
 *
 * <p>Chosen is between the wanted languages and the {@code others}, by Lingua's frequencies of one to three letters
 * and by common words; confidences of all add up to 1 at most ({@link Languages}). Half a text in one language and half in another is uncertain, and so are lists of
 * names. A text longer than {@code sample} characters is judged by words from its three thirds ({@link Sample}), which bounds the
 * cost of a document.
 */
@Kind("language")
public record LanguageFilter(
        @Doc("Wanted languages, by their ISO 639-1 codes.") @Default("[en]")
        List<String> languages,

        @Doc("Least confidence, from 0 to 1.") @Default("0.65")
        double minConfidence,

        @Doc("What else a text may be written in; a language that is in neither list is taken for a near one.")
        @Default(OTHERS)
        List<String> others,

        @Doc("Characters that are looked at.") @Default("300")
        int sample)
        implements TextStep {
    private static final String OTHERS =
            "[en, de, fr, es, it, pt, nl, sv, da, nb, fi, is, pl, cs, sk, sl, hr, hu, ro, sq, tr, ca, et, lt, lv, id, vi, "
                    + "ru, uk, be, bg, sr, mk, kk, mn, el, ar, fa, ur, he, yi, hi, mr, ne, bn, gu, pa, ta, te, th, hy, ka, ja, ko, zh]";

    public LanguageFilter {
        languages = List.copyOf(languages);
        others = List.copyOf(others);
        if (languages.isEmpty() || candidates(languages, others).size() < 2) {
            throw new InputException(
                    "expected at least one wanted language, and with the others at least two, received " + languages
                            + " and " + others);
        }
        if (!(minConfidence >= 0 && minConfidence <= 1) || sample < 30) {
            throw new InputException(
                    "expected min_confidence from 0 to 1 and a sample of at least 30 characters, received "
                            + minConfidence + " and " + sample);
        }
        Languages.check(languages);
        Languages.check(others);
    }

    /** English at 0.65 and more, as in FineWeb. */
    public static LanguageFilter english() {
        return of("en");
    }

    /** Other languages at 0.65 and more. */
    public static LanguageFilter of(String... languages) {
        return new LanguageFilter(
                List.of(languages),
                0.65,
                List.of(OTHERS.substring(1, OTHERS.length() - 1).split(", ")),
                300);
    }

    private static List<String> candidates(List<String> languages, List<String> others) {
        List<String> all = new ArrayList<>(languages);
        others.stream().filter(other -> !languages.contains(other)).forEach(all::add);
        return all;
    }

    @Override
    public Outcome apply(Document document) {
        Languages.Guess guess =
                Languages.between(candidates(languages, others)).guess(Sample.of(document.text(), sample));
        if (guess.code().isEmpty()) {
            return Outcome.drop(
                    "language.unknown", "no letters of any of the languages, or more that none of them has");
        }
        String detail = String.format(Locale.ROOT, "%s %.3f", guess.code(), guess.confidence());
        if (!languages.contains(guess.code())) {
            return Outcome.drop("language.other", detail);
        }
        if (guess.confidence() < minConfidence) {
            return Outcome.drop("language.uncertain", detail + ", expected at least " + minConfidence);
        }
        return Outcome.keep(document.with(Document.LANGUAGE, guess.code())
                .with(Document.LANGUAGE_SCORE, String.format(Locale.ROOT, "%.3f", guess.confidence())));
    }
}

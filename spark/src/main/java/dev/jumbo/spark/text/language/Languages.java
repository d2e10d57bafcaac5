package dev.jumbo.spark.text.language;

import com.github.pemistahl.lingua.api.IsoCode639_1;
import dev.jumbo.error.InputException;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tells languages apart by their letters. Letters of each script are judged among the languages that are written in it: n letters have in language l the
 * likelihood exp s(l) by {@link LetterModels} and {@link CommonWords}, and its confidence is exp(s(l)/√n) / Σ exp(s(k)/√n). The root is there because letters of a text depend on
 * each other: without it, nearly all confidences are 0 or 1, and half a text in one language and half in another would be certainly in one of them. The
 * confidence in a text is the mean over its scripts, by the weight of their letters ({@link Scripts#weight}); letters that no language has count for none.
 */
final class Languages {
    private static final Map<List<String>, Languages> MADE = new ConcurrentHashMap<>();

    /** Languages that Lingua has no model of, see {@link CommonWords}. */
    private static final Set<String> MORE = CommonWords.BORROWED.keySet();

    private final List<String> codes;
    private final Group[] groups = new Group[Scripts.COUNT];

    private Languages(List<String> codes) {
        this.codes = codes;
        Map<Integer, List<Integer>> byScript = new TreeMap<>();
        for (int language = 0; language < codes.size(); language++) {
            for (int script : LetterModels.scripts(codes.get(language))) {
                byScript.computeIfAbsent(script, s -> new ArrayList<>()).add(language);
            }
        }
        byScript.forEach((script, languages) -> groups[script] = new Group(script, languages, codes));
    }

    /** The languages of one script. Their models are read at its first letter. */
    private static final class Group {
        final int script;
        final int[] languages;
        final List<String> codes;
        final CommonWords words;
        private volatile @Nullable LetterModels models;

        Group(int script, List<Integer> languages, List<String> all) {
            this.script = script;
            this.languages = languages.stream().mapToInt(i -> i).toArray();
            codes = languages.stream().map(all::get).toList();
            words = new CommonWords(codes);
        }

        LetterModels models() {
            LetterModels made = models;
            if (made == null) {
                synchronized (this) {
                    made = models;
                    if (made == null) {
                        made = LetterModels.of(codes, script);
                        models = made;
                    }
                }
            }
            return made;
        }
    }

    /** What letters of one script add up to. */
    private static final class Score {
        final double[] sums;
        int letters;
        long weight;

        Score(int languages) {
            sums = new double[languages];
        }
    }

    /**
     * The most likely language.
     *
     * @param code ISO 639-1, or empty if the text has no letters of any of them, or more that none of them has
     */
    record Guess(String code, double confidence) {}

    /** Made once in a JVM: models are large. @param codes ISO 639-1, at least two */
    static Languages between(List<String> codes) {
        return MADE.computeIfAbsent(List.copyOf(new TreeSet<>(codes)), Languages::new);
    }

    private static void check(String code) {
        if (MORE.contains(code)) {
            return;
        }
        try {
            IsoCode639_1 found = IsoCode639_1.valueOf(code.toUpperCase(Locale.ROOT));
            if (found != IsoCode639_1.NONE && code.equals(code.toLowerCase(Locale.ROOT))) {
                return;
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
        codes.forEach(Languages::check);
    }

    private static List<String> known() {
        return Stream.concat(
                        MORE.stream(),
                        Arrays.stream(IsoCode639_1.values())
                                .filter(code -> code != IsoCode639_1.NONE)
                                .map(code -> code.name().toLowerCase(Locale.ROOT)))
                .sorted()
                .toList();
    }

    /** The most likely language of a text. */
    Guess guess(String text) {
        // Java's small form of the dotted capital i of Turkish is an i and a dot above it.
        String lower = plain(text).toLowerCase(Locale.ROOT).replace("i\u0307", "i");
        Score[] scores = new Score[groups.length];
        long weight = 0;
        for (int start = 0; start < lower.length(); ) {
            int script = Scripts.of(lower.charAt(start));
            if (script == Scripts.NONE) {
                start++;
                continue;
            }
            int end = start;
            int run = 0;
            while (end < lower.length() && Scripts.of(lower.charAt(end)) == script) {
                run += Scripts.weight(lower.charAt(end));
                end++;
            }
            Group group = groups[script];
            if (group != null) {
                Score score = scores[script];
                if (score == null) {
                    score = new Score(group.languages.length);
                    scores[script] = score;
                }
                int known = group.models().add(lower, start, end, score.sums);
                score.letters += known;
                score.weight += (long) run * known / (end - start);
            }
            weight += run;
            start = end;
        }
        return guess(lower, scores, weight);
    }

    private Guess guess(String text, Score[] scores, long weight) {
        double[] confidences = new double[codes.size()];
        long known = 0;
        for (int script = 0; script < scores.length; script++) {
            Score score = scores[script];
            Group group = groups[script];
            if (score == null || group == null || score.letters == 0) {
                continue;
            }
            known += score.weight;
            double[] sums = score.sums;
            group.words.add(text, sums);
            double most = Arrays.stream(sums).max().orElse(0);
            double all = 0;
            for (double sum : sums) {
                all += Math.exp((sum - most) / Math.sqrt(score.letters));
            }
            for (int i = 0; i < sums.length; i++) {
                confidences[group.languages[i]] +=
                        Math.exp((sums[i] - most) / Math.sqrt(score.letters)) / all * score.weight / weight;
            }
        }
        int best = 0;
        for (int i = 1; i < confidences.length; i++) {
            best = confidences[i] > confidences[best] ? i : best;
        }
        boolean found = known > 0 && confidences[best] >= (double) (weight - known) / weight;
        return found ? new Guess(codes.get(best), confidences[best]) : new Guess("", 0);
    }

    /** One way to write each letter: wide, joined, styled and accented ones are what they look like. */
    private static String plain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x24f) {
                return Normalizer.normalize(text, Normalizer.Form.NFKC);
            }
        }
        return text;
    }
}

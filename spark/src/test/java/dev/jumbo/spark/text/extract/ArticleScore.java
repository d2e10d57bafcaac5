package dev.jumbo.spark.text.extract;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The measure of Scrapinghub's benchmark of article extraction: texts are multisets of 4-grams of words ({@code \w+}, case
 * counts); a page's precision and recall come from those in both, in the found text alone, and in the true text alone; the
 * benchmark's are the means over pages, and F1 is the harmonic mean of these two means.
 *
 * @param both weight of 4-grams in both texts
 * @param foundAlone in the found text alone
 * @param trueAlone in the true text alone
 */
record ArticleScore(int both, int foundAlone, int trueAlone) {
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
    private static final int N = 4;

    /** Means over pages. */
    record Mean(double precision, double recall) {
        double f1() {
            return 2 * precision * recall / (precision + recall);
        }
    }

    static ArticleScore of(String truth, String found) {
        Map<List<String>, Integer> expected = ngrams(truth);
        Map<List<String>, Integer> actual = ngrams(found);
        int both = 0;
        int foundAlone = 0;
        for (Map.Entry<List<String>, Integer> gram : actual.entrySet()) {
            int common = Math.min(gram.getValue(), expected.getOrDefault(gram.getKey(), 0));
            both += common;
            foundAlone += gram.getValue() - common;
        }
        int all = expected.values().stream().mapToInt(Integer::intValue).sum();
        return new ArticleScore(both, foundAlone, all - both);
    }

    /** Pages without found text have no precision, and pages without true text no recall; they are left out there. */
    static Mean mean(Collection<ArticleScore> scores) {
        return new Mean(
                scores.stream()
                        .filter(score -> score.both + score.foundAlone > 0)
                        .mapToDouble(score -> (double) score.both / (score.both + score.foundAlone))
                        .average()
                        .orElse(0),
                scores.stream()
                        .filter(score -> score.both + score.trueAlone > 0)
                        .mapToDouble(score -> (double) score.both / (score.both + score.trueAlone))
                        .average()
                        .orElse(0));
    }

    /** A text with fewer than four words, but one, is one n-gram. */
    private static Map<List<String>, Integer> ngrams(String text) {
        List<String> words =
                WORD.matcher(text).results().map(match -> match.group()).toList();
        Map<List<String>, Integer> counts = new HashMap<>();
        for (int i = 0; i < Math.max(1, words.size() - N + 1); i++) {
            List<String> gram = words.subList(i, Math.min(words.size(), i + N));
            if (!gram.isEmpty()) {
                counts.merge(gram, 1, Integer::sum);
            }
        }
        return counts;
    }
}

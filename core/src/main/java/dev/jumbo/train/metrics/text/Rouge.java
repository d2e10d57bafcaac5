package dev.jumbo.train.metrics.text;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * ROUGE (Lin, 2004) as {@code rouge_score} computes it, each the mean over texts of an F-measure {@code 2 P R / (P + R)} from 0 to 1. Words are
 * runs of a to z and 0 to 9 in small letters. {@code rouge1} to {@code rouge9} count runs of so many words; {@code rougeL} takes the longest
 * common subsequence of words; {@code rougeLsum} that of sentences, which are lines, the union over all sentences of the hypothesis for each
 * of the reference. Of several references that counts with which a text is best. The means are plain ones, where {@code rouge_score}'s
 * aggregator tells the middle of a bootstrap.
 *
 * @param types which of them
 * @param useStemmer whether words of more than three characters lose their endings by Porter's rules, as NLTK's stemmer has them
 */
@Kind("rouge")
@Doc("ROUGE, as rouge_score.")
public record Rouge(
        @Doc("rouge1 to rouge9, rougeL, rougeLsum.") @Default("[rouge1, rouge2, rougeL, rougeLsum]")
        List<String> types,

        @Doc("Whether words lose their endings by Porter's rules.") @Default("false")
        boolean useStemmer)
        implements TextMetric {
    private static final Pattern RUNS = Pattern.compile("rouge[1-9]");
    private static final Pattern NO_WORD = Pattern.compile("[^a-z0-9]+");

    public Rouge {
        types = List.copyOf(types);
        for (String type : types) {
            if (!RUNS.matcher(type).matches() && !type.equals("rougeL") && !type.equals("rougeLsum")) {
                throw new InputException(
                        "rouge: types: expected rouge1 to rouge9, rougeL or rougeLsum, received \"" + type + "\"");
            }
        }
        if (types.isEmpty() || types.stream().distinct().count() != types.size()) {
            throw new InputException("rouge: types: expected one or more, each once, received " + types);
        }
    }

    /** {@code rouge1}, {@code rouge2}, {@code rougeL} and {@code rougeLsum}, without a stemmer. */
    public Rouge() {
        this(List.of("rouge1", "rouge2", "rougeL", "rougeLsum"), false);
    }

    @Override
    public List<String> figures() {
        return types;
    }

    /**
     * What one text has.
     *
     * @param precision share of what was said that is right
     * @param recall share of what is right that was said
     * @param fMeasure the harmonic mean of both
     */
    public record Score(double precision, double recall, double fMeasure) {
        static Score of(long common, long said, long right) {
            double precision = said == 0 ? 0 : (double) common / said;
            double recall = right == 0 ? 0 : (double) common / right;
            double sum = precision + recall;
            return new Score(precision, recall, sum > 0 ? 2 * precision * recall / sum : 0);
        }
    }

    /**
     * The score of one text.
     *
     * @param type one of {@code rouge1} to {@code rouge9}, {@code rougeL}, {@code rougeLsum}
     */
    public Score score(String type, String reference, String hypothesis) {
        if (type.equals("rougeLsum")) {
            return ofSentences(sentences(reference), sentences(hypothesis));
        }
        List<String> right = words(reference);
        List<String> said = words(hypothesis);
        if (type.equals("rougeL")) {
            int common = lengths(right, said)[right.size()][said.size()];
            return Score.of(common, said.size(), right.size());
        }
        int n = type.charAt(5) - '0';
        Map<String, Integer> runs = PythonText.ngrams(said, n, " ");
        return Score.of(
                PythonText.common(runs, PythonText.ngrams(right, n, " ")),
                Math.max(0, said.size() - n + 1),
                Math.max(0, right.size() - n + 1));
    }

    private List<List<String>> sentences(String text) {
        return Arrays.stream(text.split("\n", -1))
                .filter(line -> !line.isEmpty())
                .map(this::words)
                .toList();
    }

    private List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word :
                NO_WORD.matcher(PythonText.lower(text)).replaceAll(" ").split(" ", -1)) {
            if (!word.isEmpty()) {
                words.add(useStemmer && word.length() > 3 ? PorterStemmer.stem(word) : word);
            }
        }
        return words;
    }

    /** Lengths of the longest common subsequences of the beginnings of two texts. */
    private static int[][] lengths(List<String> right, List<String> said) {
        int[][] table = new int[right.size() + 1][said.size() + 1];
        for (int i = 1; i <= right.size(); i++) {
            for (int j = 1; j <= said.size(); j++) {
                table[i][j] = right.get(i - 1).equals(said.get(j - 1))
                        ? table[i - 1][j - 1] + 1
                        : Math.max(table[i - 1][j], table[i][j - 1]);
            }
        }
        return table;
    }

    private static Score ofSentences(List<List<String>> right, List<List<String>> said) {
        List<String> allRight = right.stream().flatMap(List::stream).toList();
        List<String> allSaid = said.stream().flatMap(List::stream).toList();
        Map<String, Integer> leftRight = PythonText.ngrams(allRight, 1, "");
        Map<String, Integer> leftSaid = PythonText.ngrams(allSaid, 1, "");
        int hits = 0;
        for (List<String> sentence : right) {
            boolean[] covered = new boolean[sentence.size()];
            said.forEach(other -> cover(covered, sentence, other));
            for (int i = 0; i < covered.length; i++) {
                String word = sentence.get(i);
                // A word counts at most as often as both texts have it, which the paper does not say and ROUGE-1.5.5
                // does.
                if (covered[i] && leftSaid.getOrDefault(word, 0) > 0 && leftRight.getOrDefault(word, 0) > 0) {
                    hits++;
                    leftSaid.merge(word, -1, Integer::sum);
                    leftRight.merge(word, -1, Integer::sum);
                }
            }
        }
        return Score.of(hits, allSaid.size(), allRight.size());
    }

    /** Marks the words of a sentence that are in its longest common subsequence with another; of several, the one found from the end. */
    private static void cover(boolean[] covered, List<String> sentence, List<String> other) {
        int[][] table = lengths(sentence, other);
        int i = sentence.size();
        int j = other.size();
        while (i > 0 && j > 0) {
            if (sentence.get(i - 1).equals(other.get(j - 1))) {
                covered[i - 1] = true;
                i--;
                j--;
            } else if (table[i][j - 1] > table[i - 1][j]) {
                j--;
            } else {
                i--;
            }
        }
    }

    /** One text, then the F-measure of each type. */
    @Override
    public double[] statistics(String hypothesis, List<String> references) {
        double[] statistics = new double[1 + types.size()];
        statistics[0] = 1;
        for (int i = 0; i < types.size(); i++) {
            for (String reference : references) {
                double f = score(types.get(i), reference, hypothesis).fMeasure();
                statistics[1 + i] = Math.max(statistics[1 + i], f);
            }
        }
        return statistics;
    }

    @Override
    public double[] values(double[] sums) {
        return Arrays.stream(sums, 1, sums.length).map(sum -> sum / sums[0]).toArray();
    }

    @Override
    public String signature(SignatureParts parts) {
        return parts.with("stemmer:" + (useStemmer ? "porter" : "no"));
    }
}

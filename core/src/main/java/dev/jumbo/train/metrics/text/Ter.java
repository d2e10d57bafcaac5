package dev.jumbo.train.metrics.text;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Translation edit rate of a corpus (Snover et al., 2006) as sacreBLEU, in percent: insertions, deletions, substitutions and moves of runs of
 * words, over the mean number of words of the references. Lower is better, and 100 can be passed. Of several references that counts which
 * takes the fewest edits.
 *
 * @param normalized whether punctuation is divided from words, as by {@code mteval}
 * @param noPunct whether punctuation does not count
 * @param caseSensitive whether the case of letters counts
 */
@Kind("ter")
@Doc("Translation edit rate, as sacreBLEU.")
public record Ter(
        @Doc("Whether punctuation is divided from words.") @Default("false")
        boolean normalized,

        @Doc("Whether punctuation does not count.") @Default("false")
        boolean noPunct,

        @Doc("Whether the case of letters counts.") @Default("false")
        boolean caseSensitive)
        implements TextMetric {
    private static final Pattern POSSESSIVE = Pattern.compile("'s (?=.|\n)|'s$");
    private static final Pattern PUNCTUATION = Pattern.compile("[.,?:;!\"()]");

    /** sacreBLEU's defaults: small letters, words as blanks divide them. */
    public Ter() {
        this(false, false, false);
    }

    @Override
    public List<String> figures() {
        return List.of("ter");
    }

    @Override
    public boolean higherIsBetter() {
        return false;
    }

    /** Edits, and the mean number of words of the references. */
    @Override
    public double[] statistics(String hypothesis, List<String> references) {
        List<String> said = words(hypothesis);
        long fewest = Long.MAX_VALUE;
        double words = 0;
        for (String reference : references) {
            List<String> right = words(reference);
            fewest = Math.min(fewest, EditRate.edits(said, right));
            words += right.size();
        }
        return new double[] {fewest, words / references.size()};
    }

    private List<String> words(String text) {
        String line = PythonText.stripEnd(text);
        line = caseSensitive ? line : PythonText.lower(line);
        if (normalized) {
            line = line.replace("\n-", "").replace("\n", " ");
            line = POSSESSIVE.matcher(BleuTokenizer.signs(line)).replaceAll(" 's ");
            line = BleuTokenizer.numbers(line);
        }
        if (noPunct) {
            line = PUNCTUATION.matcher(line).replaceAll("");
        }
        return PythonText.split(line);
    }

    @Override
    public double[] values(double[] sums) {
        return new double[] {sums[1] > 0 ? 100 * sums[0] / sums[1] : sums[0] > 0 ? 100 : 0};
    }

    @Override
    public String signature(SignatureParts parts) {
        return parts.with(
                "case:" + (caseSensitive ? "mixed" : "lc"),
                "tok:tercom",
                "norm:" + (normalized ? "yes" : "no"),
                "punct:" + (noPunct ? "no" : "yes"),
                "asian:no");
    }
}

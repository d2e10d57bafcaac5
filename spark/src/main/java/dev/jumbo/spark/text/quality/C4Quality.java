package dev.jumbo.spark.text.quality;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import dev.jumbo.spark.text.TextStep;
import dev.jumbo.spark.text.Words;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * C4's rules (Raffel et al. 2020, "Exploring the Limits of Transfer Learning", section 2.2, and the code that made C4):
 * lines that are no sentences are left out, pages that are no prose are dropped. Kept lines are joined by line feeds, and
 * lines left out are counted by reason.
 *
 * <p>Words of a line are its tokens.
 */
@Kind("c4_quality")
public record C4Quality(
        @Doc("Lines must end in . ! ? or a quote, and not in an ellipsis.") @Default("true")
        boolean terminalPunctuation,

        @Doc("Fewest words of a line.") @Default("3") int minWordsPerLine,

        @Doc("Lines with a longer word are left out.") @Default("1000")
        int maxWordLength,

        @Doc("Fewest sentences of what is left.") @Default("5")
        int minSentences,

        @Doc("Lines that mention JavaScript are left out.") @Default("true")
        boolean dropJavascriptLines,

        @Doc("Lines about cookies, privacy and terms of use are left out.") @Default("true")
        boolean dropPolicyLines,

        @Doc("Documents with the placeholder lorem ipsum are dropped.") @Default("true")
        boolean dropLoremIpsum,

        @Doc("Documents with a curly bracket, which are programs, are dropped.") @Default("true")
        boolean dropCurlyBrackets,

        @Doc("Marks of citations such as [1], [edit] and [citation needed] are left out.") @Default("true")
        boolean dropCitations,

        @Doc("Whose words, lines and sentences: Jumbo's (none), or those of datatrove, which made FineWeb.")
        @Default("none")
        Compatible compatible)
        implements TextStep {
    static final List<String> POLICY =
            List.of("terms of use", "privacy policy", "cookie policy", "uses cookies", "use of cookies", "use cookies");

    /** The paper's parameters. */
    public static C4Quality defaults() {
        return new C4Quality(true, 3, 1000, 5, true, true, true, true, true, Compatible.NONE);
    }

    /** As FineWeb uses them: all but the rule of terminal punctuation, which costs a third of all text. */
    public static C4Quality fineWeb() {
        return fineWeb(Compatible.NONE);
    }

    /** As FineWeb uses them, counted as somebody does. */
    public static C4Quality fineWeb(Compatible compatible) {
        return new C4Quality(false, 3, 1000, 5, true, true, true, true, true, compatible);
    }

    @Override
    public Outcome apply(Document document) {
        if (compatible == Compatible.DATATROVE) {
            return DatatroveC4.apply(this, document);
        }
        String text = document.text();
        if (dropCurlyBrackets && text.indexOf('{') >= 0) {
            return Outcome.drop("c4.curly_bracket", "a curly bracket at character " + text.indexOf('{'));
        }
        Map<String, Integer> counts = new TreeMap<>();
        StringBuilder kept = new StringBuilder(text.length());
        int sentences = 0;
        Words words = document.words();
        for (int number = 0; number < words.lines(); number++) {
            String line = dropCitations ? Citations.remove(words.line(number)) : words.line(number);
            String lower = line.toLowerCase(Locale.ROOT);
            if (dropLoremIpsum && lower.contains("lorem ipsum")) {
                return Outcome.drop("c4.lorem_ipsum", line);
            }
            String reason = reason(line, lower);
            if (!reason.isEmpty()) {
                counts.merge("c4.line." + reason, 1, Integer::sum);
                continue;
            }
            sentences += Sentences.count(line, 0, line.length());
            kept.append(kept.isEmpty() ? "" : "\n").append(line);
        }
        if (sentences < minSentences) {
            return Rules.drop("c4.too_few_sentences", "sentences that are left", sentences, "at least " + minSentences);
        }
        return Outcome.keep(document.withText(kept.toString()), counts);
    }

    /** Why a line is left out; empty if it stays. */
    private String reason(String line, String lower) {
        int words = 0;
        int longest = 0;
        int length = 0;
        for (int i = 0; i <= line.length(); i++) {
            if (i < line.length() && !Words.isBlank(line.charAt(i))) {
                length++;
                continue;
            }
            words += length > 0 ? 1 : 0;
            longest = Math.max(longest, length);
            length = 0;
        }
        if (longest > maxWordLength) {
            return "long_word";
        }
        if (terminalPunctuation
                && (!Rules.endsInPunctuation(line, 0, line.length()) || Rules.endsInEllipsis(line, 0, line.length()))) {
            return "no_terminal_punctuation";
        }
        if (words < minWordsPerLine) {
            return "too_few_words";
        }
        if (dropJavascriptLines && lower.contains("javascript")) {
            return "javascript";
        }
        return dropPolicyLines && POLICY.stream().anyMatch(lower::contains) ? "policy" : "";
    }
}

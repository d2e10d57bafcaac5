package dev.jumbo.spark.text.quality;

import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * C4's rules as datatrove's C4QualityFilter decides them: words of a line are counted before citations go, and placeholders and brackets only
 * drop a page from lines that are not left out already.
 */
final class DatatroveC4 {
    private DatatroveC4() {}

    static Outcome apply(C4Quality rules, Document document) {
        Map<String, Integer> counts = new TreeMap<>();
        StringBuilder kept = new StringBuilder(document.text().length());
        int sentences = 0;
        for (String whole : PythonText.lines(document.text())) {
            String written = PythonText.strip(whole);
            String line = rules.dropCitations() ? Citations.cut(written) : written;
            String reason = reason(rules, written, line);
            String lower = line.toLowerCase(Locale.ROOT);
            if (reason.isEmpty() && rules.dropLoremIpsum() && lower.contains("lorem ipsum")) {
                return Outcome.drop("c4.lorem_ipsum", line);
            }
            if (reason.isEmpty() && rules.dropJavascriptLines() && lower.contains("javascript")) {
                reason = "javascript";
            }
            if (reason.isEmpty() && rules.dropCurlyBrackets() && line.indexOf('{') >= 0) {
                return Outcome.drop("c4.curly_bracket", "a curly bracket in: " + line);
            }
            if (reason.isEmpty()
                    && rules.dropPolicyLines()
                    && C4Quality.POLICY.stream().anyMatch(lower::contains)) {
                reason = "policy";
            }
            if (!reason.isEmpty()) {
                counts.merge("c4.line." + reason, 1, Integer::sum);
                continue;
            }
            sentences += SpacySentences.count(line);
            kept.append(kept.isEmpty() ? "" : "\n").append(line);
        }
        if (sentences < rules.minSentences()) {
            return Rules.drop(
                    "c4.too_few_sentences", "sentences that are left", sentences, "at least " + rules.minSentences());
        }
        return Outcome.keep(document.withText(PythonText.strip(kept.toString())), counts);
    }

    /** Why a line is left out before its words are read; empty if it is not. */
    private static String reason(C4Quality rules, String written, String line) {
        int words = 0;
        int longest = 0;
        int start = 0;
        for (int i = 0; i <= written.length(); i++) {
            if (i == written.length() || PythonText.isSpace(written.charAt(i))) {
                words += i > start ? 1 : 0;
                longest = Math.max(longest, written.codePointCount(start, i));
                start = i + 1;
            }
        }
        if (longest > rules.maxWordLength()) {
            return "long_word";
        }
        boolean ended =
                !line.isEmpty() && ".?!\"'".indexOf(line.charAt(line.length() - 1)) >= 0 && !line.endsWith("...");
        if (rules.terminalPunctuation() && !ended) {
            return "no_terminal_punctuation";
        }
        return words < rules.minWordsPerLine() ? "too_few_words" : "";
    }
}

package dev.jumbo.spark.text.quality;

import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import java.util.ArrayList;
import java.util.List;

/** FineWeb's own rules as datatrove's FineWebQualityFilter decides them: quotes end no line, lines keep their blanks, and all limits are exclusive. */
final class DatatroveFineWeb {
    private DatatroveFineWeb() {}

    static Outcome apply(FineWebQuality rules, Document document) {
        String text = document.text();
        List<String> lines = new ArrayList<>();
        int punctuated = 0;
        int shortLines = 0;
        for (String line : text.split("\n", -1)) {
            if (!PythonText.strip(line).isEmpty()) {
                lines.add(line);
                punctuated += DatatroveMarks.isTerminal(line.charAt(line.length() - 1)) ? 1 : 0;
                shortLines += PythonText.length(line) <= rules.shortLine() ? 1 : 0;
            }
        }
        double punctuation = Rules.ratio(punctuated, lines.size());
        if (lines.isEmpty() || punctuation < rules.minPunctuatedLines()) {
            return Rules.drop(
                    "fineweb.line_punctuation",
                    "share of lines that end in punctuation",
                    punctuation,
                    "at least " + rules.minPunctuatedLines());
        }
        double shortShare = Rules.ratio(shortLines, lines.size());
        if (shortShare > rules.maxShortLines()) {
            return Rules.drop(
                    "fineweb.short_lines", "share of short lines", shortShare, "at most " + rules.maxShortLines());
        }
        int feeds = PythonText.count(text, "\n");
        double duplicates = Rules.ratio(DatatroveParts.of(lines).repeatedCharacters(), PythonText.length(text) - feeds);
        if (duplicates > rules.maxDuplicateLineCharacters()) {
            return Rules.drop(
                    "fineweb.duplicate_lines",
                    "share of characters in duplicate lines",
                    duplicates,
                    "at most " + rules.maxDuplicateLineCharacters());
        }
        double newlines = Rules.ratio(feeds, SpacyWords.of(text).count());
        return newlines > rules.maxNewlinesPerWord()
                ? Rules.drop(
                        "fineweb.newlines",
                        "line breaks for each word",
                        newlines,
                        "at most " + rules.maxNewlinesPerWord())
                : Outcome.keep(document);
    }
}

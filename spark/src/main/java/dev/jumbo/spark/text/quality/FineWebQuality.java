package dev.jumbo.spark.text.quality;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import dev.jumbo.spark.text.TextStep;
import dev.jumbo.spark.text.Words;

/**
 * FineWeb's own rules (Penedo et al. 2024, "The FineWeb Datasets", section 3.6): pages that are lists, menus and fragments
 * have lines without an end, short lines, lines that come again, and many lines for few words. The shares of characters in
 * duplicate lines and of line breaks are those of the code that made the data set.
 *
 * <p>A line ends in punctuation if its last character is one of {@code . ! ?}, an ellipsis, their East Asian forms, or a
 * closing quote.
 */
@Kind("fineweb_quality")
public record FineWebQuality(
        @Doc("A document is dropped if the share of lines that end in punctuation is at most this.") @Default("0.12")
        double minPunctuatedLines,

        @Doc("A document is dropped if the share of characters in duplicate lines is at least this.") @Default("0.01")
        double maxDuplicateLineCharacters,

        @Doc("A document is dropped if the share of short lines is at least this.") @Default("0.67")
        double maxShortLines,

        @Doc("A line with so many characters or fewer is short.") @Default("30")
        int shortLine,

        @Doc("A document is dropped if it has more line breaks for each word.") @Default("0.3")
        double maxNewlinesPerWord,

        @Doc("Whose words and lines: Jumbo's (none), or those of datatrove, which made FineWeb.") @Default("none")
        Compatible compatible)
        implements TextStep {
    /** FineWeb's parameters. */
    public static FineWebQuality defaults() {
        return defaults(Compatible.NONE);
    }

    /** FineWeb's parameters, counted as somebody does. */
    public static FineWebQuality defaults(Compatible compatible) {
        return new FineWebQuality(0.12, 0.01, 0.67, 30, 0.3, compatible);
    }

    @Override
    public Outcome apply(Document document) {
        if (compatible == Compatible.DATATROVE) {
            return DatatroveFineWeb.apply(this, document);
        }
        Words words = document.words();
        int shortLines = 0;
        int punctuated = 0;
        for (int line = 0; line < words.lines(); line++) {
            int start = words.lineStart(line);
            int end = words.lineEnd(line);
            shortLines += words.text().codePointCount(start, end) <= shortLine ? 1 : 0;
            punctuated += Rules.endsInPunctuation(words.text(), start, end) ? 1 : 0;
        }
        double punctuation = Rules.ratio(punctuated, words.lines());
        if (punctuation <= minPunctuatedLines) {
            return Rules.drop(
                    "fineweb.line_punctuation",
                    "share of lines that end in punctuation",
                    punctuation,
                    "more than " + minPunctuatedLines);
        }
        double duplicates = Repeats.ofLines(words).characterShare();
        if (duplicates >= maxDuplicateLineCharacters) {
            return Rules.drop(
                    "fineweb.duplicate_lines",
                    "share of characters in duplicate lines",
                    duplicates,
                    "less than " + maxDuplicateLineCharacters);
        }
        double shortShare = Rules.ratio(shortLines, words.lines());
        if (shortShare >= maxShortLines) {
            return Rules.drop("fineweb.short_lines", "share of short lines", shortShare, "less than " + maxShortLines);
        }
        double newlines = Rules.ratio(newlines(words.text().strip()), words.count());
        if (newlines > maxNewlinesPerWord) {
            return Rules.drop(
                    "fineweb.newlines", "line breaks for each word", newlines, "at most " + maxNewlinesPerWord);
        }
        return Outcome.keep(document);
    }

    private static int newlines(String text) {
        return (int) text.chars().filter(c -> c == '\n').count();
    }
}

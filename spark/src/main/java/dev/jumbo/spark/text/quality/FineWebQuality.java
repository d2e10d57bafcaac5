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
 * have lines without an end, short lines, and lines that come again.
 *
 * <p>A line ends in punctuation if its last character is one of {@code . ! ?}, an ellipsis, their East Asian forms, or a
 * closing quote.
 */
@Kind("fineweb_quality")
public record FineWebQuality(
        @Doc("A document is dropped if the share of lines that end in punctuation is at most this.") @Default("0.12")
        double minPunctuatedLines,

        @Doc("A document is dropped if the share of characters in duplicate lines is at least this.") @Default("0.1")
        double maxDuplicateLineCharacters,

        @Doc("A document is dropped if the share of short lines is at least this.") @Default("0.67")
        double maxShortLines,

        @Doc("A line with fewer characters is short.") @Default("30")
        int shortLine)
        implements TextStep {
    /** The paper's parameters. */
    public static FineWebQuality defaults() {
        return new FineWebQuality(0.12, 0.1, 0.67, 30);
    }

    @Override
    public Outcome apply(Document document) {
        Words words = document.words();
        int shortLines = 0;
        int punctuated = 0;
        for (int line = 0; line < words.lines(); line++) {
            int start = words.lineStart(line);
            int end = words.lineEnd(line);
            shortLines += words.text().codePointCount(start, end) < shortLine ? 1 : 0;
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
        return Outcome.keep(document);
    }
}

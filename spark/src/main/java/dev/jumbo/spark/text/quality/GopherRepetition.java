package dev.jumbo.spark.text.quality;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.NormalWords;
import dev.jumbo.spark.text.Outcome;
import dev.jumbo.spark.text.TextStep;
import dev.jumbo.spark.text.Words;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gopher's rules of repetition (Rae et al. 2021, table A1): what says the same again and again is dropped.
 *
 * <p>A line, paragraph (lines up to an empty one) or n-gram is a <em>duplicate</em> if the same came before. Shares of
 * characters of lines and paragraphs are of all characters in lines; those of n-grams are of all characters in normalised
 * words, without the blanks between. The top n-gram is the one that occurs most, of several the longest; one that occurs
 * once is no repetition. Words in several duplicate n-grams count once.
 */
@Kind("gopher_repetition")
public record GopherRepetition(
        @Doc("Greatest share of duplicate lines.") @Default("0.3")
        double maxDuplicateLines,

        @Doc("Greatest share of duplicate paragraphs.") @Default("0.3")
        double maxDuplicateParagraphs,

        @Doc("Greatest share of characters in duplicate lines.") @Default("0.2")
        double maxDuplicateLineCharacters,

        @Doc("Greatest share of characters in duplicate paragraphs.") @Default("0.2")
        double maxDuplicateParagraphCharacters,

        @Doc("Greatest share of characters in the top n-gram, by n.") @Default("{2: 0.20, 3: 0.18, 4: 0.16}")
        Map<String, Double> maxTopNgram,

        @Doc("Greatest share of characters in duplicate n-grams, by n.")
        @Default("{5: 0.15, 6: 0.14, 7: 0.13, 8: 0.12, 9: 0.11, 10: 0.10}")
        Map<String, Double> maxDuplicateNgrams,

        @Doc("Whose words, lines and shares: Jumbo's (none), or those of datatrove, which made FineWeb.")
        @Default("none")
        Compatible compatible)
        implements TextStep {

    public GopherRepetition {
        maxTopNgram = byNumber(maxTopNgram);
        maxDuplicateNgrams = byNumber(maxDuplicateNgrams);
    }

    /** The paper's parameters. */
    public static GopherRepetition defaults() {
        return defaults(Compatible.NONE);
    }

    /** The paper's parameters, counted as somebody does. */
    public static GopherRepetition defaults(Compatible compatible) {
        return new GopherRepetition(
                0.3,
                0.3,
                0.2,
                0.2,
                Map.of("2", 0.20, "3", 0.18, "4", 0.16),
                Map.of("5", 0.15, "6", 0.14, "7", 0.13, "8", 0.12, "9", 0.11, "10", 0.10),
                compatible);
    }

    private static Map<String, Double> byNumber(Map<String, Double> limits) {
        TreeMap<String, Double> sorted = new TreeMap<>((a, b) -> Integer.compare(Ngram.size(a), Ngram.size(b)));
        sorted.putAll(limits);
        return Collections.unmodifiableMap(sorted);
    }

    @Override
    public Outcome apply(Document document) {
        if (compatible == Compatible.DATATROVE) {
            return DatatroveGopher.repetition(this, document);
        }
        Words words = document.words();
        Repeats lines = Repeats.ofLines(words);
        if (lines.share() > maxDuplicateLines) {
            return Rules.drop(
                    "gopher.duplicate_lines",
                    "share of duplicate lines",
                    lines.share(),
                    "at most " + maxDuplicateLines);
        }
        Repeats paragraphs = Repeats.ofParagraphs(words);
        if (paragraphs.share() > maxDuplicateParagraphs) {
            return Rules.drop(
                    "gopher.duplicate_paragraphs",
                    "share of duplicate paragraphs",
                    paragraphs.share(),
                    "at most " + maxDuplicateParagraphs);
        }
        if (lines.characterShare() > maxDuplicateLineCharacters) {
            return Rules.drop(
                    "gopher.duplicate_line_characters",
                    "share of characters in duplicate lines",
                    lines.characterShare(),
                    "at most " + maxDuplicateLineCharacters);
        }
        if (paragraphs.characterShare() > maxDuplicateParagraphCharacters) {
            return Rules.drop(
                    "gopher.duplicate_paragraph_characters",
                    "share of characters in duplicate paragraphs",
                    paragraphs.characterShare(),
                    "at most " + maxDuplicateParagraphCharacters);
        }
        return ngrams(document);
    }

    private Outcome ngrams(Document document) {
        NormalWords words = document.normalWords();
        for (Map.Entry<String, Double> limit : maxTopNgram.entrySet()) {
            double share = Ngram.topShare(words, Ngram.size(limit.getKey()));
            if (share > limit.getValue()) {
                return Rules.drop(
                        "gopher.top_" + limit.getKey() + "_gram",
                        "share of characters in the top " + limit.getKey() + "-gram",
                        share,
                        "at most " + limit.getValue());
            }
        }
        for (Map.Entry<String, Double> limit : maxDuplicateNgrams.entrySet()) {
            double share = Ngram.duplicateShare(words, Ngram.size(limit.getKey()));
            if (share > limit.getValue()) {
                return Rules.drop(
                        "gopher.duplicate_" + limit.getKey() + "_grams",
                        "share of characters in duplicate " + limit.getKey() + "-grams",
                        share,
                        "at most " + limit.getValue());
            }
        }
        return Outcome.keep(document);
    }
}

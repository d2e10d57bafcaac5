package dev.jumbo.spark.text.quality;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import dev.jumbo.spark.text.TextStep;
import dev.jumbo.spark.text.Words;
import java.util.List;

/**
 * Gopher's rules of quality (Rae et al. 2021, "Scaling Language Models", appendix A.1.1): English prose has words of
 * usual length, made of letters, and some that every text has.
 */
@Kind("gopher_quality")
public record GopherQuality(
        @Doc("Fewest words.") @Default("50") int minWords,
        @Doc("Most words.") @Default("100000") int maxWords,

        @Doc("Least mean length of words, in characters.") @Default("3")
        double minMeanWordLength,

        @Doc("Greatest mean length of words, in characters.") @Default("10")
        double maxMeanWordLength,

        @Doc("Most hash signs a word, and most ellipses a word.") @Default("0.1")
        double maxSymbolsPerWord,

        @Doc("Greatest share of lines that begin with a bullet.") @Default("0.9")
        double maxBulletLines,

        @Doc("Greatest share of lines that end in an ellipsis.") @Default("0.3")
        double maxEllipsisLines,

        @Doc("Least share of tokens with a letter.") @Default("0.8")
        double minAlphabetic,

        @Doc("How many different ones of the common words there must be.") @Default("2")
        int minStopWords,

        @Doc("Common words, in lower case.") @Default("[the, be, to, of, and, that, have, with]")
        List<String> stopWords,

        @Doc("Whose words, lines and shares: Jumbo's (none), or those of datatrove, which made FineWeb.")
        @Default("none")
        Compatible compatible)
        implements TextStep {
    /** Bullet, triangular bullet, white bullet, black circle, small square, hyphen bullet; hyphen and asterisk. */
    private static final String BULLETS = "\u2022\u2023\u25e6\u25cf\u25aa\u2043-*";

    public GopherQuality {
        stopWords = List.copyOf(stopWords);
    }

    /** The paper's parameters. */
    public static GopherQuality defaults() {
        return defaults(Compatible.NONE);
    }

    /** The paper's parameters, counted as somebody does. */
    public static GopherQuality defaults(Compatible compatible) {
        return new GopherQuality(
                50,
                100_000,
                3,
                10,
                0.1,
                0.9,
                0.3,
                0.8,
                2,
                List.of("the", "be", "to", "of", "and", "that", "have", "with"),
                compatible);
    }

    @Override
    public Outcome apply(Document document) {
        if (compatible == Compatible.DATATROVE) {
            return DatatroveGopher.quality(this, document);
        }
        Words words = document.words();
        int count = words.count();
        if (count < minWords) {
            return Rules.drop("gopher.too_few_words", "words", count, "at least " + minWords);
        }
        if (count > maxWords) {
            return Rules.drop("gopher.too_many_words", "words", count, "at most " + maxWords);
        }
        double length = Rules.ratio(words.characters(), count);
        if (length < minMeanWordLength) {
            return Rules.drop("gopher.short_words", "mean length of words", length, "at least " + minMeanWordLength);
        }
        if (length > maxMeanWordLength) {
            return Rules.drop("gopher.long_words", "mean length of words", length, "at most " + maxMeanWordLength);
        }
        Symbols symbols = Symbols.of(document.text());
        double hashes = Rules.ratio(symbols.hashes(), count);
        if (hashes > maxSymbolsPerWord) {
            return Rules.drop("gopher.hash_signs", "hash signs a word", hashes, "at most " + maxSymbolsPerWord);
        }
        double ellipses = Rules.ratio(symbols.ellipses(), count);
        if (ellipses > maxSymbolsPerWord) {
            return Rules.drop("gopher.ellipses", "ellipses a word", ellipses, "at most " + maxSymbolsPerWord);
        }
        return lines(document, words);
    }

    private Outcome lines(Document document, Words words) {
        int bulletLines = 0;
        int ellipsisLines = 0;
        for (int line = 0; line < words.lines(); line++) {
            int start = words.lineStart(line);
            bulletLines += BULLETS.indexOf(words.text().charAt(start)) >= 0 ? 1 : 0;
            ellipsisLines += Rules.endsInEllipsis(words.text(), start, words.lineEnd(line)) ? 1 : 0;
        }
        double bullets = Rules.ratio(bulletLines, words.lines());
        if (bullets > maxBulletLines) {
            return Rules.drop("gopher.bullet_lines", "share of bullet lines", bullets, "at most " + maxBulletLines);
        }
        double open = Rules.ratio(ellipsisLines, words.lines());
        if (open > maxEllipsisLines) {
            return Rules.drop(
                    "gopher.ellipsis_lines", "share of lines with an ellipsis", open, "at most " + maxEllipsisLines);
        }
        double alphabetic = Rules.ratio(words.alphabetic(), words.tokens());
        if (alphabetic < minAlphabetic) {
            return Rules.drop(
                    "gopher.not_alphabetic", "share of tokens with a letter", alphabetic, "at least " + minAlphabetic);
        }
        int common = commonWords(words);
        if (common < minStopWords) {
            return Rules.drop("gopher.stop_words", "common words", common, "at least " + minStopWords);
        }
        return Outcome.keep(document);
    }

    /** How many of the list occur; stops at as many as are needed. */
    private int commonWords(Words words) {
        boolean[] seen = new boolean[stopWords.size()];
        int found = 0;
        for (int word = 0; word < words.count() && found < minStopWords; word++) {
            int start = words.start(word);
            int length = words.end(word) - start;
            for (int k = 0; k < seen.length; k++) {
                String stop = stopWords.get(k);
                if (!seen[k] && stop.length() == length && words.text().regionMatches(true, start, stop, 0, length)) {
                    seen[k] = true;
                    found++;
                }
            }
        }
        return found;
    }

    /** Signs that stand for something left out. An ellipsis is U+2026, or three dots; six dots are two. */
    private record Symbols(int hashes, int ellipses) {
        static Symbols of(String text) {
            int hashes = 0;
            int ellipses = 0;
            int dots = 0;
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                dots = c == '.' ? dots + 1 : 0;
                if (c == '#') {
                    hashes++;
                } else if (c == '\u2026') {
                    ellipses++;
                } else if (dots == 3) {
                    ellipses++;
                    dots = 0;
                }
            }
            return new Symbols(hashes, ellipses);
        }
    }
}

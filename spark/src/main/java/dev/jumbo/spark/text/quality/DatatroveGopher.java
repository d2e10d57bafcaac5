package dev.jumbo.spark.text.quality;

import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gopher's rules as datatrove's GopherQualityFilter and GopherRepetitionFilter decide them. A limit of 0 is none. */
final class DatatroveGopher {
    private DatatroveGopher() {}

    static Outcome quality(GopherQuality rules, Document document) {
        String text = document.text();
        SpacyWords words = SpacyWords.of(text);
        Counts counts = Counts.of(text, words, new HashSet<>(rules.stopWords()));
        int all = words.count();
        if (rules.minWords() > 0 && counts.words < rules.minWords()) {
            return Rules.drop("gopher.too_few_words", "words", counts.words, "at least " + rules.minWords());
        }
        if (rules.maxWords() > 0 && counts.words > rules.maxWords()) {
            return Rules.drop("gopher.too_many_words", "words", counts.words, "at most " + rules.maxWords());
        }
        double length = Rules.ratio(counts.characters, counts.words);
        if (length < rules.minMeanWordLength()) {
            return Rules.drop(
                    "gopher.short_words", "mean length of words", length, "at least " + rules.minMeanWordLength());
        }
        if (rules.maxMeanWordLength() > 0 && length > rules.maxMeanWordLength()) {
            return Rules.drop(
                    "gopher.long_words", "mean length of words", length, "at most " + rules.maxMeanWordLength());
        }
        double hashes = Rules.ratio(PythonText.count(text, "#"), all);
        if (over(hashes, rules.maxSymbolsPerWord())) {
            return Rules.drop("gopher.hash_signs", "hash signs a word", hashes, "at most " + rules.maxSymbolsPerWord());
        }
        double ellipses = Rules.ratio(PythonText.count(text, "...") + PythonText.count(text, "\u2026"), all);
        if (over(ellipses, rules.maxSymbolsPerWord())) {
            return Rules.drop("gopher.ellipses", "ellipses a word", ellipses, "at most " + rules.maxSymbolsPerWord());
        }
        Outcome lines = lines(rules, text);
        if (lines instanceof Outcome.Dropped) {
            return lines;
        }
        double alphabetic = Rules.ratio(counts.alphabetic, all);
        if (alphabetic < rules.minAlphabetic()) {
            return Rules.drop(
                    "gopher.not_alphabetic",
                    "share of words with a letter",
                    alphabetic,
                    "at least " + rules.minAlphabetic());
        }
        return counts.common < rules.minStopWords()
                ? Rules.drop("gopher.stop_words", "common words", counts.common, "at least " + rules.minStopWords())
                : Outcome.keep(document);
    }

    private static Outcome lines(GopherQuality rules, String text) {
        List<String> lines = PythonText.lines(text);
        int bullets = 0;
        int ellipses = 0;
        for (String line : lines) {
            String stripped = PythonText.strip(line);
            bullets += stripped.startsWith("\u2022") || stripped.startsWith("-") ? 1 : 0;
            ellipses += stripped.endsWith("...") || stripped.endsWith("\u2026") ? 1 : 0;
        }
        double bulletShare = Rules.ratio(bullets, lines.size());
        if (over(bulletShare, rules.maxBulletLines())) {
            return Rules.drop(
                    "gopher.bullet_lines", "share of bullet lines", bulletShare, "at most " + rules.maxBulletLines());
        }
        double open = Rules.ratio(ellipses, lines.size());
        return over(open, rules.maxEllipsisLines())
                ? Rules.drop(
                        "gopher.ellipsis_lines",
                        "share of lines with an ellipsis",
                        open,
                        "at most " + rules.maxEllipsisLines())
                : Outcome.keep(Document.of("", ""));
    }

    private static boolean over(double found, double limit) {
        return limit > 0 && found > limit;
    }

    /** Words that are more than marks and their characters, words with a letter, and how many of the common words there are. */
    private record Counts(int words, long characters, int alphabetic, int common) {
        static Counts of(String text, SpacyWords words, Set<String> stopWords) {
            int count = 0;
            long characters = 0;
            int alphabetic = 0;
            Set<String> common = new HashSet<>();
            for (int word = 0; word < words.count(); word++) {
                int start = words.start(word);
                int end = words.end(word);
                boolean mark = true;
                boolean letter = false;
                for (int i = start; i < end; i++) {
                    mark &= DatatroveMarks.isMark(text.charAt(i));
                    letter |= Character.isLetter(text.charAt(i));
                }
                count += mark ? 0 : 1;
                characters += mark ? 0 : text.codePointCount(start, end);
                alphabetic += letter ? 1 : 0;
                if (letter && end - start < 12 && stopWords.contains(text.substring(start, end))) {
                    common.add(text.substring(start, end));
                }
            }
            return new Counts(count, characters, alphabetic, common.size());
        }
    }

    static Outcome repetition(GopherRepetition rules, Document document) {
        String text = document.text();
        long length = PythonText.length(text);
        DatatroveParts paragraphs = DatatroveParts.of(PythonText.split(PythonText.strip(text), 2));
        if (over(paragraphs.share(), rules.maxDuplicateParagraphs())) {
            return Rules.drop(
                    "gopher.duplicate_paragraphs",
                    "share of duplicate paragraphs",
                    paragraphs.share(),
                    "at most " + rules.maxDuplicateParagraphs());
        }
        double share = Rules.ratio(paragraphs.repeatedCharacters(), length);
        if (over(share, rules.maxDuplicateParagraphCharacters())) {
            return Rules.drop(
                    "gopher.duplicate_paragraph_characters",
                    "share of characters in duplicate paragraphs",
                    share,
                    "at most " + rules.maxDuplicateParagraphCharacters());
        }
        DatatroveParts lines = DatatroveParts.of(PythonText.split(text, 1));
        if (over(lines.share(), rules.maxDuplicateLines())) {
            return Rules.drop(
                    "gopher.duplicate_lines",
                    "share of duplicate lines",
                    lines.share(),
                    "at most " + rules.maxDuplicateLines());
        }
        share = Rules.ratio(lines.repeatedCharacters(), length);
        if (over(share, rules.maxDuplicateLineCharacters())) {
            return Rules.drop(
                    "gopher.duplicate_line_characters",
                    "share of characters in duplicate lines",
                    share,
                    "at most " + rules.maxDuplicateLineCharacters());
        }
        return ngrams(rules, document, length);
    }

    private static Outcome ngrams(GopherRepetition rules, Document document, long length) {
        SpacyWords words = SpacyWords.of(document.text());
        for (Map.Entry<String, Double> limit : rules.maxTopNgram().entrySet()) {
            double share = Rules.ratio(top(words, Ngram.size(limit.getKey())), length);
            if (share > limit.getValue()) {
                return Rules.drop(
                        "gopher.top_" + limit.getKey() + "_gram",
                        "share of characters in the top " + limit.getKey() + "-gram",
                        share,
                        "at most " + limit.getValue());
            }
        }
        for (Map.Entry<String, Double> limit : rules.maxDuplicateNgrams().entrySet()) {
            double share = Rules.ratio(duplicates(words, Ngram.size(limit.getKey())), length);
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

    /** Length with blanks times count of the n-gram that occurs most, of several the first. */
    private static long top(SpacyWords words, int n) {
        Map<String, Integer> counts = new HashMap<>();
        int most = 0;
        for (int word = 0; word + n <= words.count(); word++) {
            most = Math.max(most, counts.merge(gram(words, word, n, " "), 1, Integer::sum));
        }
        for (int word = 0; word + n <= words.count(); word++) {
            String gram = gram(words, word, n, " ");
            if (counts.getOrDefault(gram, 0) == most) {
                return (long) PythonText.length(gram) * most;
            }
        }
        return 0;
    }

    /** Characters of n-grams that came before; behind one, the next begins after it. */
    private static long duplicates(SpacyWords words, int n) {
        Set<String> seen = new HashSet<>();
        long characters = 0;
        for (int word = 0; word + n <= words.count(); ) {
            String gram = gram(words, word, n, "");
            if (seen.add(gram)) {
                word++;
            } else {
                characters += PythonText.length(gram);
                word += n;
            }
        }
        return characters;
    }

    private static String gram(SpacyWords words, int from, int n, String between) {
        StringBuilder gram = new StringBuilder(8 * n);
        for (int word = from; word < from + n; word++) {
            gram.append(word > from ? between : "").append(words.word(word));
        }
        return gram.toString();
    }
}

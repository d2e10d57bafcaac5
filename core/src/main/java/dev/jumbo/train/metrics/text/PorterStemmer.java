package dev.jumbo.train.metrics.text;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Words of English without their endings (Porter, "An algorithm for suffix stripping", 1980), with the changes that NLTK's stemmer has by
 * default and {@code rouge_score} uses. Words are in small letters.
 */
final class PorterStemmer {
    private static final Map<String, String> IRREGULAR = Map.ofEntries(
            Map.entry("skies", "sky"),
            Map.entry("sky", "sky"),
            Map.entry("dying", "die"),
            Map.entry("lying", "lie"),
            Map.entry("tying", "tie"),
            Map.entry("news", "news"),
            Map.entry("innings", "inning"),
            Map.entry("inning", "inning"),
            Map.entry("outings", "outing"),
            Map.entry("outing", "outing"),
            Map.entry("cannings", "canning"),
            Map.entry("canning", "canning"),
            Map.entry("howe", "howe"),
            Map.entry("proceed", "proceed"),
            Map.entry("exceed", "exceed"),
            Map.entry("succeed", "succeed"));

    /** An ending, what stands in its place, and when. The first ending that a word has decides, whether its condition holds or not. */
    private record Rule(String ending, String replacement, Predicate<String> holds) {
        static Rule of(String ending, String replacement) {
            return new Rule(ending, replacement, stem -> measure(stem) > 0);
        }

        static Rule drops(String ending) {
            return new Rule(ending, "", stem -> measure(stem) > 1);
        }
    }

    private static final List<Rule> PLURALS = List.of(
            new Rule("sses", "ss", stem -> true),
            new Rule("ies", "i", stem -> true),
            new Rule("ss", "ss", stem -> true),
            new Rule("s", "", stem -> true));

    private static final List<Rule> DOUBLE = List.of(
            Rule.of("ational", "ate"),
            Rule.of("tional", "tion"),
            Rule.of("enci", "ence"),
            Rule.of("anci", "ance"),
            Rule.of("izer", "ize"),
            Rule.of("bli", "ble"),
            Rule.of("alli", "al"),
            Rule.of("entli", "ent"),
            Rule.of("eli", "e"),
            Rule.of("ousli", "ous"),
            Rule.of("ization", "ize"),
            Rule.of("ation", "ate"),
            Rule.of("ator", "ate"),
            Rule.of("alism", "al"),
            Rule.of("iveness", "ive"),
            Rule.of("fulness", "ful"),
            Rule.of("ousness", "ous"),
            Rule.of("aliti", "al"),
            Rule.of("iviti", "ive"),
            Rule.of("biliti", "ble"),
            Rule.of("fulli", "ful"),
            // The l counts to the stem, so that "geologi" is as "archaeologi".
            new Rule("logi", "log", stem -> measure(stem + "l") > 0));

    private static final List<Rule> SINGLE = List.of(
            Rule.of("icate", "ic"),
            Rule.of("ative", ""),
            Rule.of("alize", "al"),
            Rule.of("iciti", "ic"),
            Rule.of("ical", "ic"),
            Rule.of("ful", ""),
            Rule.of("ness", ""));

    private static final List<Rule> LAST = List.of(
            Rule.drops("al"),
            Rule.drops("ance"),
            Rule.drops("ence"),
            Rule.drops("er"),
            Rule.drops("ic"),
            Rule.drops("able"),
            Rule.drops("ible"),
            Rule.drops("ant"),
            Rule.drops("ement"),
            Rule.drops("ment"),
            Rule.drops("ent"),
            new Rule("ion", "", stem -> measure(stem) > 1 && (stem.endsWith("s") || stem.endsWith("t"))),
            Rule.drops("ou"),
            Rule.drops("ism"),
            Rule.drops("ate"),
            Rule.drops("iti"),
            Rule.drops("ous"),
            Rule.drops("ive"),
            Rule.drops("ize"));

    private PorterStemmer() {}

    static String stem(String word) {
        String irregular = IRREGULAR.get(word);
        if (irregular != null) {
            return irregular;
        }
        if (word.length() <= 2) {
            return word;
        }
        String stem = plural(word);
        stem = past(stem);
        if (stem.endsWith("y") && stem.length() > 2 && isConsonant(stem, stem.length() - 2)) {
            stem = without(stem, 1) + "i";
        }
        stem = apply(LAST, apply(SINGLE, doubled(stem)));
        if (stem.endsWith("e")) {
            String rest = without(stem, 1);
            int measure = measure(rest);
            stem = measure > 1 || (measure == 1 && !isShort(rest)) ? rest : stem;
        }
        return stem.endsWith("ll") && measure(without(stem, 1)) > 1 ? without(stem, 1) : stem;
    }

    private static String plural(String word) {
        return word.endsWith("ies") && word.length() == 4 ? without(word, 1) : apply(PLURALS, word);
    }

    private static String past(String word) {
        if (word.endsWith("ied")) {
            return without(word, word.length() == 4 ? 1 : 2);
        }
        if (word.endsWith("eed")) {
            return measure(without(word, 3)) > 0 ? without(word, 1) : word;
        }
        String stem;
        if (word.endsWith("ed") && hasVowel(without(word, 2))) {
            stem = without(word, 2);
        } else if (word.endsWith("ing") && hasVowel(without(word, 3))) {
            stem = without(word, 3);
        } else {
            return word;
        }
        if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) {
            return stem + "e";
        }
        int last = stem.length() - 1;
        if (last > 0 && stem.charAt(last) == stem.charAt(last - 1) && isConsonant(stem, last)) {
            return "lsz".indexOf(stem.charAt(last)) < 0 ? without(stem, 1) : stem;
        }
        return measure(stem) == 1 && isShort(stem) ? stem + "e" : stem;
    }

    private static String doubled(String word) {
        String rest = word;
        while (rest.endsWith("alli") && measure(without(rest, 4)) > 0) {
            rest = without(rest, 2);
        }
        return apply(DOUBLE, rest);
    }

    private static String apply(List<Rule> rules, String word) {
        for (Rule rule : rules) {
            if (word.endsWith(rule.ending())) {
                String stem = without(word, rule.ending().length());
                return rule.holds().test(stem) ? stem + rule.replacement() : word;
            }
        }
        return word;
    }

    private static String without(String word, int last) {
        return word.substring(0, word.length() - last);
    }

    /** A y is one behind a vowel or at the beginning. */
    private static boolean isConsonant(String word, int at) {
        boolean consonant = true;
        int first = at;
        while (first > 0 && word.charAt(first) == 'y') {
            first--;
        }
        for (int i = first; i <= at; i++) {
            char c = word.charAt(i);
            consonant = c == 'y' ? i == 0 || !consonant : "aeiou".indexOf(c) < 0;
        }
        return consonant;
    }

    private static boolean hasVowel(String stem) {
        for (int i = 0; i < stem.length(); i++) {
            if (!isConsonant(stem, i)) {
                return true;
            }
        }
        return false;
    }

    /** How often a run of vowels is followed by consonants. */
    private static int measure(String stem) {
        int measure = 0;
        boolean before = true;
        for (int i = 0; i < stem.length(); i++) {
            boolean consonant = stem.charAt(i) == 'y' ? i == 0 || !before : "aeiou".indexOf(stem.charAt(i)) < 0;
            if (i > 0 && consonant && !before) {
                measure++;
            }
            before = consonant;
        }
        return measure;
    }

    /** Consonant, vowel, consonant other than w, x and y; of two letters, vowel and consonant. */
    private static boolean isShort(String word) {
        int last = word.length() - 1;
        if (last == 1) {
            return !isConsonant(word, 0) && isConsonant(word, 1);
        }
        return last > 1
                && isConsonant(word, last - 2)
                && !isConsonant(word, last - 1)
                && isConsonant(word, last)
                && "wxy".indexOf(word.charAt(last)) < 0;
    }
}

package dev.jumbo.data.transform;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.UnaryTransform;
import dev.jumbo.error.InputException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Text to ids of words or characters, by a vocabulary that is counted on the training split: 0 fills up short texts, 1 stands for what the
 * vocabulary does not have, 2 is the most frequent entry, and so on, as in Keras's {@code TextVectorization}. Entries of the same count are in
 * the order of their code points.
 *
 * <p>A word is a run of letters, digits and marks, with apostrophes between them ({@code don't}); any other character that is no blank is a
 * word by itself.
 *
 * @param vocabulary the most ids, the two for padding and unknown included: what an {@code embedding} has as {@code input_dim}
 * @param entries the vocabulary from id 2 on; fitted where empty
 */
@Kind("tokenize")
@Doc("Text to ids of words or characters, by a vocabulary that is counted on the training split.")
public record Tokenize(
        @Doc("What is counted: words or characters.") @Default("words")
        Unit unit,

        @Doc("The most ids, with 0 for padding and 1 for unknown: input_dim of the embedding.") @Default("20000")
        int vocabulary,

        @Doc("How often the training split must have an entry.") @Default("1")
        int minCount,

        @Doc("Whether upper case is read as lower case.") @Default("true")
        boolean lowerCase,

        @Doc("The most tokens of a text.") @Default("512") int maxLength,

        @Doc("Whether a longer text loses its end; if not, it is an error.") @Default("false")
        boolean truncate,

        @Doc("The entries from id 2 on; by default they are counted.") @Default("[]")
        List<String> entries)
        implements UnaryTransform {
    /** What an id stands for. */
    public enum Unit {
        /** Runs of letters and digits, and single other characters. */
        WORDS,
        /** Code points, blanks included. */
        CHARACTERS
    }

    private static final int PADDING = 0;
    private static final int UNKNOWN = 1;
    private static final int FIRST = 2;
    /** Possessive: a repetition that might give back takes stack for each part, and a text may have a million. */
    private static final Pattern WORD = Pattern.compile(
            "[\\p{L}\\p{M}\\p{N}]++(?:['\u2019][\\p{L}\\p{M}\\p{N}]++)*+|[^\\s\\p{L}\\p{M}\\p{N}]",
            Pattern.UNICODE_CHARACTER_CLASS);

    public Tokenize {
        entries = List.copyOf(entries);
        if (vocabulary <= FIRST || minCount < 1 || maxLength < 1) {
            throw new InputException(
                    "tokenize: expected a vocabulary of 3 or more, a min_count and a max_length of 1 or"
                            + " more, received " + vocabulary + ", " + minCount + " and " + maxLength);
        }
        if (entries.size() > vocabulary - FIRST) {
            throw new InputException("tokenize: expected at most " + (vocabulary - FIRST)
                    + " entries beside padding and unknown, received " + entries.size() + "; raise vocabulary");
        }
    }

    /** Words of a vocabulary that is still to be counted. */
    public static Tokenize words(int vocabulary) {
        return new Tokenize(Unit.WORDS, vocabulary, 1, true, 512, false, List.of());
    }

    /** Characters, likewise. */
    public static Tokenize characters(int vocabulary) {
        return new Tokenize(Unit.CHARACTERS, vocabulary, 1, true, 512, false, List.of());
    }

    /** This with at most so many tokens of a text. @param cut whether longer ones lose their ends */
    public Tokenize maxLength(int tokens, boolean cut) {
        return new Tokenize(unit, vocabulary, minCount, lowerCase, tokens, cut, entries);
    }

    @Override
    public Field raw(String name) {
        return Field.text(name);
    }

    @Override
    public Field output(Field raw) {
        if (!raw.isBytes() || !(raw.meaning() instanceof Meaning.Text)) {
            throw new InputException("tokenize: expected a field of text, received " + raw);
        }
        return Field.tokens(raw.name(), vocabulary, PADDING, maxLength);
    }

    /** Counts the training texts, unless there are entries already. */
    @Override
    public Tokenize fit(Field raw, Iterable<?> training) {
        if (!entries.isEmpty()) {
            return this;
        }
        Map<String, Long> counts = new HashMap<>();
        for (Object text : training) {
            pieces(text).forEach(piece -> counts.merge(piece, 1L, Long::sum));
        }
        List<String> found = counts.entrySet().stream()
                .filter(entry -> entry.getValue() >= minCount)
                .sorted(Map.Entry.<String, Long>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey(Tokenize::byCodePoints)))
                .limit(vocabulary - FIRST)
                .map(Map.Entry::getKey)
                .toList();
        return new Tokenize(unit, vocabulary, minCount, lowerCase, maxLength, truncate, found);
    }

    private static int byCodePoints(String a, String b) {
        return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
    }

    @Override
    public Applied open(Field raw) {
        Map<String, Long> ids = new HashMap<>();
        for (int i = 0; i < entries.size(); i++) {
            ids.put(entries.get(i), (long) i + FIRST);
        }
        return new Applied() {
            @Override
            public Object apply(Object text) {
                List<String> pieces = pieces(text);
                return TextLength.of(
                        pieces.stream()
                                .mapToLong(piece -> ids.getOrDefault(piece, (long) UNKNOWN))
                                .toArray(),
                        maxLength,
                        truncate,
                        "tokenize");
            }

            @Override
            public boolean knows(Object text) {
                return pieces(text).stream().anyMatch(ids::containsKey);
            }
        };
    }

    private List<String> pieces(Object raw) {
        String given = new String((byte[]) raw, StandardCharsets.UTF_8);
        String text = lowerCase ? given.toLowerCase(Locale.ROOT) : given;
        if (unit == Unit.CHARACTERS) {
            return text.codePoints().mapToObj(Character::toString).toList();
        }
        return words(text);
    }

    /** Runs of letters, digits and marks, and single other characters. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }
}

package dev.jumbo.data.transform;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.UnaryTransform;
import dev.jumbo.error.InputException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * Text to ids of its n-grams, as fastText reads them (Joulin et al., 2017): each word, each run of up to {@code words} words, and runs of characters inside
 * a word with its ends marked, {@code <wo, wor, ord, rd>}. An n-gram's id is {@code 1 + CRC-32(its UTF-8) mod buckets}, so nothing is counted and nothing is
 * unknown; some share one. Words are those of {@link Tokenize}. In front of a bag (an {@code embedding} and a mean over the steps) their order does not matter.
 *
 * @param words the most words of an n-gram; 0 for runs of characters alone
 * @param minCharacters the fewest characters of a run inside a word, with its marks
 * @param maxCharacters the most; 0 for none
 * @param buckets different ids; the embedding has one more, 0 for padding
 * @param maxLength the most n-grams of a text
 * @param places n-grams of words that begin at one of so many first words are there a second time, with their place: what a question asks for stands
 *     in its first words
 */
@Kind("ngrams")
@Doc("Text to ids of its n-grams of words and characters, by hashing, as fastText reads them.")
public record NGrams(
        @Doc("The most words of an n-gram; 0 for runs of characters alone.") @Default("2")
        int words,

        @Doc("The fewest characters of a run inside a word.") @Default("3")
        int minCharacters,

        @Doc("The most characters of a run inside a word; 0 for none.") @Default("0")
        int maxCharacters,

        @Doc("Different ids; input_dim of the embedding is one more.") @Default("262144")
        int buckets,

        @Doc("Whether upper case is read as lower case.") @Default("true")
        boolean lowerCase,

        @Doc("The most n-grams of a text.") @Default("4096") int maxLength,

        @Doc("Whether a longer text loses its end; if not, it is an error.") @Default("false")
        boolean truncate,

        @Doc("Words at the beginning of which n-grams say their place too.") @Default("0")
        int places)
        implements UnaryTransform {
    private static final int PADDING = 0;

    public NGrams {
        if (words < (maxCharacters == 0 ? 1 : 0) || buckets < 1 || maxLength < 1 || places < 0) {
            throw new InputException("ngrams: expected words (0 where there are runs of characters), buckets and a"
                    + " max_length of 1 or more, and 0 or more places, received " + words + ", " + buckets + ", "
                    + maxLength + " and " + places);
        }
        if (maxCharacters != 0 && (minCharacters < 1 || maxCharacters < minCharacters)) {
            throw new InputException(
                    "ngrams: expected min_characters of 1 or more and max_characters of as many or more, or 0"
                            + " for none, received " + minCharacters + " and " + maxCharacters);
        }
    }

    /** Of words alone. */
    public static NGrams of(int words, int buckets) {
        return new NGrams(words, 3, 0, buckets, true, 4096, false, 0);
    }

    @Override
    public Field raw(String name) {
        return Field.text(name);
    }

    @Override
    public Field output(Field raw) {
        if (!raw.isBytes() || !(raw.meaning() instanceof Meaning.Text)) {
            throw new InputException("ngrams: expected a field of text, received " + raw);
        }
        return Field.tokens(raw.name(), buckets + 1L, PADDING, maxLength);
    }

    @Override
    public Applied open(Field raw) {
        return new Applied() {
            @Override
            public Object apply(Object text) {
                return TextLength.of(ids(split(text)), maxLength, truncate, "ngrams");
            }

            /** Any n-gram has an id, of training or not: a text without one has none. */
            @Override
            public boolean knows(Object text) {
                return !split(text).isEmpty();
            }
        };
    }

    private List<String> split(Object text) {
        String given = new String((byte[]) text, StandardCharsets.UTF_8);
        return Tokenize.words(lowerCase ? given.toLowerCase(Locale.ROOT) : given);
    }

    /** By the place where they begin, so that what is cut off is the end of the text. */
    private long[] ids(List<String> text) {
        // One more than can be kept is enough to know that there are too many.
        Ids ids = new Ids();
        for (int at = 0; at < text.size() && ids.count <= maxLength; at++) {
            StringBuilder run = new StringBuilder();
            for (int n = 0; n < words && at + n < text.size(); n++) {
                run.append(n == 0 ? "" : " ").append(text.get(at + n));
                ids.add(id(run.toString()));
                if (at < places) {
                    ids.add(id("@" + at + " " + run));
                }
            }
            int[] word = ("<" + text.get(at) + ">").codePoints().toArray();
            for (int n = minCharacters; n <= Math.min(maxCharacters, word.length); n++) {
                for (int from = 0; from + n <= word.length; from++) {
                    // Marked, as a run of characters is no word of the same letters.
                    ids.add(id("#" + new String(word, from, n)));
                }
            }
        }
        return Arrays.copyOf(ids.values, ids.count);
    }

    private static final class Ids {
        private long[] values = new long[16];
        private int count;

        void add(long id) {
            values = count == values.length ? Arrays.copyOf(values, 2 * count) : values;
            values[count++] = id;
        }
    }

    private long id(String gram) {
        CRC32 hash = new CRC32();
        hash.update(gram.getBytes(StandardCharsets.UTF_8));
        return 1 + hash.getValue() % buckets;
    }
}

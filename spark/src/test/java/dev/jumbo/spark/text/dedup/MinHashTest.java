package dev.jumbo.spark.text.dedup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.error.InputException;
import dev.jumbo.spark.text.Figures;
import dev.jumbo.spark.text.NormalWords;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MinHashTest {
    private static final MinHash MIN_HASH = MinHash.fineWeb();
    private static final int PAIRS = 1_500;

    /** Two texts that share a passage and go on differently. */
    private record Pair(Shingles one, Shingles other) {
        static Pair of(double similarity, Random random) {
            // Of 2 x 120 shingles, so many are shared that their share of the union is the similarity.
            int shared = (int) Math.round(240 * similarity / (1 + similarity));
            List<String> passage = words(shared + 4, random);
            return new Pair(text(passage, 124, random), text(passage, 124, random));
        }

        private static Shingles text(List<String> passage, int length, Random random) {
            List<String> all = new ArrayList<>(passage);
            all.addAll(words(length - passage.size(), random));
            return MIN_HASH.shingles(NormalWords.of(String.join(" ", all)));
        }

        private static List<String> words(int count, Random random) {
            return random.longs(count)
                    .mapToObj(word -> Long.toString(word, 36).replace("-", "m"))
                    .toList();
        }

        boolean meet() {
            long[] mine = MIN_HASH.bandKeys(one);
            Set<Long> theirs = new HashSet<>(
                    LongStream.of(MIN_HASH.bandKeys(other)).boxed().toList());
            return LongStream.of(mine).anyMatch(theirs::contains);
        }
    }

    @Test
    void pairs_meet_as_often_as_the_formula_says_of_their_similarity() {
        Random random = new Random(1);
        StringBuilder figures = new StringBuilder("similarity  met      1-(1-s^8)^14\n");
        for (double similarity : new double[] {0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95}) {
            int met = 0;
            double expected = 0;
            for (int i = 0; i < PAIRS; i++) {
                Pair pair = Pair.of(similarity, random);
                double exact = pair.one.jaccard(pair.other);
                assertThat(exact).isCloseTo(similarity, within(0.01));
                expected += MIN_HASH.probability(exact);
                met += pair.meet() ? 1 : 0;
            }
            figures.append(String.format(
                    Locale.ROOT, "%.2f        %.4f   %.4f%n", similarity, (double) met / PAIRS, expected / PAIRS));
            assertThat((double) met / PAIRS).isCloseTo(expected / PAIRS, within(0.03));
        }
        Figures.write("minhash", figures);
    }

    @Test
    void pairs_below_three_tenths_that_meet_by_chance_are_told_apart_by_the_exact_similarity() {
        Random random = new Random(2);
        int met = 0;
        int merged = 0;
        for (int i = 0; i < 4 * PAIRS; i++) {
            Pair pair = Pair.of(random.nextDouble() * 0.29, random);
            if (pair.meet()) {
                met++;
                merged += pair.one.jaccard(pair.other) >= 0.75 ? 1 : 0;
            }
        }
        assertThat(met).isLessThan(20);
        assertThat(merged).isZero();
    }

    @Test
    void the_share_of_equal_minima_estimates_the_similarity() {
        Random random = new Random(3);
        double error = 0;
        for (int i = 0; i < 500; i++) {
            Pair pair = Pair.of(0.5, random);
            error += MinHash.estimate(MIN_HASH.signature(pair.one), MIN_HASH.signature(pair.other))
                    - pair.one.jaccard(pair.other);
        }
        // One estimate of 112 hashes has a standard deviation of 0.047, the mean of 500 of 0.002.
        assertThat(error / 500).isCloseTo(0, within(0.008));
    }

    @Test
    void keys_are_the_same_on_every_machine() {
        long[] keys =
                MIN_HASH.bandKeys(MIN_HASH.shingles(NormalWords.of("The quick brown fox jumps over the lazy dog")));
        assertThat(keys).hasSize(14).doesNotHaveDuplicates();
        assertThat(keys[0]).isEqualTo(-7536012730194700425L);
        assertThat(keys[13]).isEqualTo(1952181200440737673L);
    }

    @Test
    void texts_without_words_meet_nothing_and_short_ones_are_one_shingle() {
        assertThat(MIN_HASH.bandKeys(MIN_HASH.shingles(NormalWords.of(" - ! "))))
                .isEmpty();
        assertThat(MIN_HASH.shingles(NormalWords.of("two words")).size()).isEqualTo(1);
    }

    @Test
    void spelling_without_meaning_does_not_count() {
        Shingles plain = MIN_HASH.shingles(NormalWords.of("don't stop the music tonight my friend"));
        Shingles fancy =
                MIN_HASH.shingles(NormalWords.of("DON\u2019T stop,\n\u201cthe music\u201d tonight -- my friend!"));
        assertThat(plain.jaccard(fancy)).isEqualTo(1);
    }

    @Test
    void the_formula_has_the_published_values() {
        // FineWeb, section 3.4: 56 %, 77 %, 92 % and 98.8 % at 0.7, 0.75, 0.8 and 0.85.
        assertThat(MIN_HASH.probability(0.7)).isCloseTo(0.56, within(0.01));
        assertThat(MIN_HASH.probability(0.75)).isCloseTo(0.77, within(0.01));
        assertThat(MIN_HASH.probability(0.8)).isCloseTo(0.92, within(0.01));
        assertThat(MIN_HASH.probability(0.85)).isCloseTo(0.988, within(0.001));
    }

    @Test
    void bands_of_nothing_are_refused() {
        assertThatThrownBy(() -> new MinHash(5, 0, 8, 1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received 5, 0 and 8");
        assertThatThrownBy(() -> MIN_HASH.bandKeys(new long[3]))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a signature of 112 hashes, received 3");
    }

    @Test
    void exact_hashes_are_equal_for_equal_words_and_differ_for_others() {
        Hash128 one = Hash128.of(NormalWords.of("Hello, world!"));
        assertThat(one).isEqualTo(Hash128.of(NormalWords.of("hello world")));
        assertThat(one).isNotEqualTo(Hash128.of(NormalWords.of("helloworld")));
        assertThat(Hash128.ofExactly("Hello")).isNotEqualTo(Hash128.ofExactly("hello"));
        assertThat(one.toString()).hasSize(32);
    }
}

package dev.jumbo.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class NGramsTest {
    private static long[] of(NGrams grams, String text) {
        return (long[]) grams.open(Field.text("text")).apply(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Python: [zlib.crc32(g.encode()) % 1000 + 1 for g in ("no", "no way", "way", "way !", "!")]. */
    @Test
    void words_and_pairs_of_words_go_by_their_checksum() {
        assertThat(of(NGrams.of(2, 1000), "No way!")).containsExactly(640, 25, 626, 96, 972);
    }

    /** Python: the same of ("né", "#<n", "#né", "#é>", "#<né", "#né>"). */
    @Test
    void runs_of_characters_are_of_code_points_with_the_ends_of_the_word_marked() {
        NGrams grams = new NGrams(1, 2, 3, 1000, true, 10, false, 0);
        assertThat(of(grams, "né")).containsExactly(650, 124, 296, 47, 860, 36);
    }

    /** Python: the same of ("what", "@0 what", "what is", "@0 what is", "is", "is it", "it"), and of the runs above without the word. */
    @Test
    void first_words_are_there_with_their_place_too_and_words_may_be_left_out() {
        assertThat(of(new NGrams(2, 3, 0, 1000, true, 10, false, 1), "What is it"))
                .containsExactly(355, 321, 499, 183, 392, 881, 621);
        assertThat(of(new NGrams(0, 2, 3, 1000, true, 10, false, 0), "né")).containsExactly(124, 296, 47, 860, 36);
        assertThatThrownBy(() -> new NGrams(0, 3, 0, 10, true, 5, false, 0)).isInstanceOf(InputException.class);
    }

    @Test
    void a_long_text_loses_its_end_or_is_refused() {
        NGrams cut = new NGrams(2, 3, 0, 1000, true, 3, true, 0);
        assertThat(of(cut, "a b c d")).hasSize(3).startsWith(of(NGrams.of(2, 1000), "a b")[0]);
        assertThatThrownBy(() -> of(new NGrams(2, 3, 0, 1000, true, 3, false, 0), "a b c d"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at most 3 tokens")
                .hasMessageContaining("ngrams");
    }

    @Test
    void lengths_that_cannot_be_are_refused() {
        assertThatThrownBy(() -> new NGrams(0, 3, 0, 10, true, 5, false, 0)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new NGrams(1, 4, 3, 10, true, 5, false, 0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("max_characters");
    }
}

package dev.jumbo.spark.corpus.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.spark.corpus.stage.ExactDedup.By;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExactDedupTest {
    @Test
    void texts_without_words_are_the_same_only_if_their_characters_are() {
        assertThat(List.of("\uD83D\uDE00\uD83D\uDE00", "\uD83D\uDE31", "!!!", "???", "===\n===", "\u2192 \u2190", ""))
                .extracting(text -> ExactDedup.hash(text, By.WORDS))
                .doesNotHaveDuplicates();
        assertThat(ExactDedup.hash(" \r\n", By.WORDS)).isEqualTo(ExactDedup.hash("", By.WORDS));
    }

    @Test
    void line_ends_and_forms_of_unicode_make_no_other_words() {
        assertThat(ExactDedup.hash("Un caf\u00e9\r\nnoir", By.WORDS))
                .isEqualTo(ExactDedup.hash("un cafe\u0301\nnoir.", By.WORDS));
        assertThat(ExactDedup.hash("\u30ac\u30b9", By.WORDS))
                .isEqualTo(ExactDedup.hash("\uff76\uff9e\uff7d", By.WORDS));
        assertThat(ExactDedup.hash("a\r\nb", By.TEXT)).isNotEqualTo(ExactDedup.hash("a\nb", By.TEXT));
    }
}

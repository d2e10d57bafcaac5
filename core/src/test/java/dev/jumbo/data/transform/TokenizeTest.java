package dev.jumbo.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TokenizeTest {
    private static final Field TEXT = Field.text("review");

    private static List<byte[]> bytes(String... texts) {
        return Stream.of(texts).map(t -> t.getBytes(StandardCharsets.UTF_8)).toList();
    }

    private static long[] ids(Tokenize tokenize, String text) {
        return (long[]) tokenize.open(TEXT).apply(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void words_are_numbered_by_how_often_training_has_them() {
        Tokenize fitted = Tokenize.words(100).fit(TEXT, bytes("The cat sat, the cat!", "the dog"));
        // the 3, cat 2, then once each in the order of code points.
        assertThat(fitted.entries()).containsExactly("the", "cat", "!", ",", "dog", "sat");
        assertThat(ids(fitted, "THE dog sang.")).containsExactly(2, 6, 1, 1);
    }

    @Test
    void letters_of_any_script_and_apostrophes_belong_to_a_word() {
        Tokenize fitted = Tokenize.words(100).fit(TEXT, bytes("don't caf\u00e9 \u65e5\u672c x2 ('q')"));
        assertThat(fitted.entries())
                .containsExactlyInAnyOrder("don't", "caf\u00e9", "\u65e5\u672c", "x2", "(", "'", "q", ")");
        assertThat(fitted.entries().get(0)).isEqualTo("'");
    }

    @Test
    void a_word_of_a_hundred_thousand_apostrophes_is_a_word() {
        String word = "a" + "'a".repeat(100_000);
        assertThat(Tokenize.words(100).fit(TEXT, bytes(word)).entries()).containsExactly(word);
    }

    @Test
    void characters_are_code_points() {
        Tokenize fitted = Tokenize.characters(10).fit(TEXT, bytes("aab\ud83d\ude00"));
        assertThat(fitted.entries()).containsExactly("a", "b", "\ud83d\ude00");
        assertThat(ids(fitted, "b\ud83d\ude00 A")).containsExactly(3, 4, 1, 2);
    }

    @Test
    void the_vocabulary_is_cut_where_asked_and_no_id_reaches_it() {
        Tokenize fitted =
                new Tokenize(Tokenize.Unit.WORDS, 4, 1, true, 9, false, List.of()).fit(TEXT, bytes("a a a b b c"));
        assertThat(fitted.entries()).containsExactly("a", "b");
        assertThat(ids(fitted, "a b c")).containsExactly(2, 3, 1);
        assertThat(new Tokenize(Tokenize.Unit.WORDS, 9, 2, true, 9, false, List.of())
                        .fit(TEXT, bytes("a a b b c"))
                        .entries())
                .containsExactly("a", "b");
    }

    @Test
    void a_text_that_is_too_long_is_refused_or_loses_its_end_as_asked() {
        Tokenize fitted = Tokenize.words(100).maxLength(2, false).fit(TEXT, bytes("a b"));
        assertThatThrownBy(() -> ids(fitted, "a b a"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a text of at most 2 tokens, received 3")
                .hasMessageContaining("truncate: true");
        assertThat(ids(fitted.maxLength(2, true), "a b a")).containsExactly(2, 3);
    }

    @Test
    void a_text_without_a_token_is_refused() {
        Tokenize fitted = Tokenize.words(100).fit(TEXT, bytes("a"));
        assertThatThrownBy(() -> ids(fitted, " \t"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("without a token");
    }

    @Test
    void only_texts_are_read() {
        assertThatThrownBy(() -> Tokenize.words(10).output(Field.ids("x", dev.jumbo.tensor.Shape.of(3))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a field of text");
    }
}

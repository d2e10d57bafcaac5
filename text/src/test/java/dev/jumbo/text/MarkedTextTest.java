package dev.jumbo.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.UnaryTransform;
import dev.jumbo.error.InputException;
import dev.jumbo.text.transform.TokenizerTransform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts with the marks that a model expects around them. */
class MarkedTextTest {
    private static final Field TEXT = Field.text("text");

    @TempDir
    Path dir;

    private TokenizerTransform transform(int maxLength, boolean truncate) throws IOException {
        Path vocabulary =
                Files.write(dir.resolve("vocab.txt"), List.of("[UNK]", "[CLS]", "[SEP]", "[PAD]", "a", "fine", "film"));
        TokenizerConfig bert = new BertTokens(vocabulary, true, "[SEP]");
        return new TokenizerTransform(bert, maxLength, truncate, 0, true, null).fit(TEXT, List.of());
    }

    private static long[] ids(TokenizerTransform transform, String text) {
        try (UnaryTransform.Applied opened = transform.open(TEXT)) {
            return (long[]) opened.apply(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void marks_stand_around_a_text_and_count_in_its_length() throws IOException {
        assertThat(ids(transform(5, false), "a fine film")).containsExactly(1, 4, 5, 6, 2);
        assertThat(ids(transform(4, true), "a fine film")).containsExactly(1, 4, 5, 2);
        TokenizerTransform narrow = transform(4, false);
        assertThatThrownBy(() -> ids(narrow, "a fine film"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at most 2 tokens, received 3");
        assertThatThrownBy(() -> transform(2, false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("room for a text beside 2 marks");
    }

    @Test
    void short_texts_are_filled_up_by_the_id_that_the_tokenizer_has_for_it() throws IOException {
        assertThat(transform(5, false).output(TEXT).meaning()).isEqualTo(new Meaning.Tokens(7, 3));
    }

    @Test
    void a_tokenizer_that_knows_no_marks_is_refused_with_what_to_do() {
        TokenizerTransform bytes = new TokenizerTransform(new ByteTokens(), 8, false, 0, true, null);
        assertThatThrownBy(() -> bytes.fit(TEXT, List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("leave add_special_tokens out");
    }
}

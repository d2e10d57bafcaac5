package dev.jumbo.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTest {
    /** Bytes that GPT-2 shows as themselves, one merge after the other: l o, lo w, G-with-dot (a blank) low. */
    private static final String VOCABULARY =
            "{\"l\":0,\"o\":1,\"w\":2,\"e\":3,\"r\":4,\"\u0120\":5,\"lo\":6,\"low\":7,\"er\":8,\"\u0120low\":9,\"<|endoftext|>\":10}";

    /** With a place for its normaliser. */
    private static final String UNIGRAM =
            "{\"version\":\"1.0\",\"added_tokens\":[],\"normalizer\":%s,\"pre_tokenizer\":null,"
                    + "\"post_processor\":null,\"decoder\":null,\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":"
                    + "[[\"<unk>\",0.0],[\"</s>\",0.0],[\"low\",-1.0]]}}";

    private static final String MERGES = "#version: 0.2\nl o\nlo w\ne r\n\u0120 low\n";

    @Test
    void bytes_give_every_text_back() {
        try (Tokenizer bytes = new ByteTokens().open()) {
            int[] tokens = bytes.encode("Gr\u00fc\u00df \ud83d\ude42");
            assertThat(tokens).containsExactly(71, 114, 195, 188, 195, 159, 32, 240, 159, 153, 130);
            assertThat(bytes.vocabularySize()).isEqualTo(257);
            int[] ended = Arrays.copyOf(tokens, tokens.length + 1);
            ended[tokens.length] = bytes.endOfDocument();
            assertThat(bytes.decode(ended)).isEqualTo("Gr\u00fc\u00df \ud83d\ude42");
        }
    }

    @Test
    void gpt2_files_merge_in_the_order_of_their_rank(@TempDir Path dir) throws IOException {
        Path vocabulary = Files.writeString(dir.resolve("vocab.json"), VOCABULARY);
        Path merges = Files.writeString(dir.resolve("merges.txt"), MERGES);
        try (Tokenizer gpt2 = new Gpt2Tokens(vocabulary, merges, "<|endoftext|>").open()) {
            assertThat(gpt2.encode("lower low")).containsExactly(7, 8, 9);
            assertThat(gpt2.decode(new int[] {7, 8, 9, 10})).isEqualTo("lower low");
            assertThat(gpt2.vocabularySize()).isEqualTo(11);
            assertThat(gpt2.endOfDocument()).isEqualTo(10);
        }
    }

    @Test
    void a_long_text_is_not_cut(@TempDir Path dir) throws IOException {
        Path vocabulary = Files.writeString(dir.resolve("vocab.json"), VOCABULARY);
        Path merges = Files.writeString(dir.resolve("merges.txt"), MERGES);
        try (Tokenizer gpt2 = new Gpt2Tokens(vocabulary, merges, "<|endoftext|>").open()) {
            assertThat(gpt2.encode(" low".repeat(20_000))).hasSize(20_000).containsOnly(9);
        }
    }

    @Test
    void a_file_that_is_no_tokenizer_or_knows_no_such_end_is_refused(@TempDir Path dir) throws IOException {
        Path empty = Files.writeString(dir.resolve("tokenizer.json"), "{\"model\": {}}");
        assertThatThrownBy(() -> new HuggingFaceTokens(empty, "</s>").open())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found no vocabulary");
        Path vocabulary = Files.writeString(dir.resolve("vocab.json"), VOCABULARY);
        Path merges = Files.writeString(dir.resolve("merges.txt"), MERGES);
        assertThatThrownBy(() -> new Gpt2Tokens(vocabulary, merges, "</s>").open())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("\"</s>\" among them");
        assertThatThrownBy(() -> new HuggingFaceTokens(dir.resolve("none.json"), "</s>").open())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("cannot read the tokenizer");
    }

    @Test
    void a_damaged_table_of_replacements_is_refused_before_the_library_ends_the_process(@TempDir Path dir)
            throws IOException {
        Path file = dir.resolve("tokenizer.json");
        for (String map : List.of("null", "7", "\"%\"", "\"\"", "\"AA==\"", "\"////fzEyMzQ=\"", "\"BAAAAAAAAIA=\"")) {
            for (String normalizer : List.of(
                    "{\"type\":\"Precompiled\",\"precompiled_charsmap\":" + map + "}",
                    "{\"type\":\"Sequence\",\"normalizers\":[{\"precompiled_charsmap\":" + map
                            + ",\"type\":\"Precompiled\"}]}")) {
                Files.writeString(file, UNIGRAM.formatted(normalizer));
                assertThatThrownBy(() -> new HuggingFaceTokens(file, "</s>").open())
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("precompiled_charsmap");
            }
        }
        Files.writeString(file, UNIGRAM.formatted("{\"type\":\"Precompiled\"}"));
        assertThatThrownBy(() -> new HuggingFaceTokens(file, "</s>").open()).isInstanceOf(InputException.class);
        Files.writeString(file, UNIGRAM.formatted("null"));
        try (Tokenizer tokenizer = new HuggingFaceTokens(file, "</s>").open()) {
            assertThat(tokenizer.encode("low")).isNotEmpty();
        }
    }

    @Test
    void numbers_of_tokens_that_no_vocabulary_has_are_refused(@TempDir Path dir) throws IOException {
        Path vocabulary = dir.resolve("vocab.json");
        Path merges = Files.writeString(dir.resolve("merges.txt"), MERGES);
        for (String number : List.of("2147483647", "-1", "1e3", "99999999999", "\"1\"")) {
            Files.writeString(vocabulary, VOCABULARY.replace("\"er\":8", "\"er\":" + number));
            assertThatThrownBy(() -> new Gpt2Tokens(vocabulary, merges, "<|endoftext|>").open())
                    .as(number)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("for the token \"er\"");
        }
    }
}

package dev.jumbo.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.text.train.TokenizerTrainer;
import dev.jumbo.text.train.TokenizerType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretrainedTokensTest {
    private static final List<String> BYTES_AND = List.of("ab", "abc", " a");

    private static String ranks() {
        StringBuilder lines = new StringBuilder();
        int rank = 0;
        for (int b = 0; b < 256; b++) {
            lines.append(Base64.getEncoder().encodeToString(new byte[] {(byte) b}))
                    .append(' ')
                    .append(rank++)
                    .append('\n');
        }
        for (String token : BYTES_AND) {
            lines.append(Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8)))
                    .append(' ')
                    .append(rank++)
                    .append('\n');
        }
        return lines.toString();
    }

    @Test
    void a_folder_is_read_by_what_it_holds(@TempDir Path dir) throws IOException {
        TokenizerTrainer.bpe(270).train(List.of("ab ab")).save(dir);
        assertThat(PretrainedTokens.of(dir).resolved()).isInstanceOf(HuggingFaceTokens.class);
        assertThat(PretrainedTokens.of(dir).files()).containsExactly(dir.resolve("tokenizer.json"));
        Files.writeString(dir.resolve("tokenizer_config.json"), "{\"eos_token\": {\"content\": \"</s>\"}}");
        assertThatThrownBy(() -> PretrainedTokens.of(dir).open())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("has no token \"</s>\"");
        Files.delete(dir.resolve("tokenizer.json"));
        assertThatThrownBy(() -> PretrainedTokens.of(dir).open())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected in " + dir);
        Files.writeString(dir.resolve("vocab.txt"), "[UNK]\n[SEP]\nab\n");
        Files.writeString(dir.resolve("tokenizer_config.json"), "{\"do_lower_case\": false}");
        assertThat(PretrainedTokens.of(dir).resolved())
                .isEqualTo(new BertTokens(dir.resolve("vocab.txt"), false, "[SEP]"));
        try (Tokenizer bert = PretrainedTokens.of(dir).open()) {
            assertThat(bert.encode("ab AB")).containsExactly(2, 0);
        }
        Files.writeString(dir.resolve("tokenizer.model"), ranks());
        Files.delete(dir.resolve("tokenizer_config.json"));
        assertThat(PretrainedTokens.of(dir).resolved()).isInstanceOf(TiktokenTokens.class);
        assertThatThrownBy(() -> PretrainedTokens.of(dir.resolve("none")).open())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("there is none");
    }

    @Test
    void ranks_of_tiktoken_merge_by_the_rank_of_what_comes_of_it(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("small.tiktoken"), ranks());
        try (Tokenizer small = new TiktokenTokens(file, "gpt2", List.of("<end>", "<pad>"), "<end>").open()) {
            assertThat(small.encode("abc ab\u00e4<end>c")).containsExactly(257, 32, 256, 195, 164, 259, 99);
            assertThat(small.decode(new int[] {257, 32, 256, 195, 164, 259, 99}))
                    .isEqualTo("abc ab\u00e4c");
            assertThat(small.vocabularySize()).isEqualTo(261);
            assertThat(small.token(258)).isEqualTo("\u0120a");
            Encoding places = small.encoding("abc ab\u00e4<end>c", EncodingOptions.plain());
            assertThat(places.starts()).containsExactly(0, 3, 4, 6, 6, 7, 12);
            assertThat(places.ends()).containsExactly(3, 4, 6, 7, 7, 12, 13);
        }
        assertThatThrownBy(() -> TiktokenTokens.of(file).open())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("259 ranks is not known");
        assertThatThrownBy(() -> new TiktokenTokens(file, "gpt5", List.of(), ""))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected gpt2");
        for (String damaged : List.of(
                ranks().substring(0, 2000),
                ranks().replace(" 257\n", " 300\n"),
                ranks().replace("YWI= ", "Y*I= "),
                "")) {
            Files.writeString(file, damaged);
            assertThatThrownBy(() -> new TiktokenTokens(file, "gpt2", List.of("<end>"), "<end>").open())
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("small.tiktoken");
        }
    }

    @Test
    void a_part_that_nobody_knows_is_named_with_those_that_are(@TempDir Path dir) throws IOException {
        Path file = TokenizerTrainer.of(TokenizerType.WORDPIECE, 30)
                .train(List.of("ab ab"))
                .save(dir);
        String json = Files.readString(file);
        for (String part : List.of("BertNormalizer", "BertPreTokenizer", "TemplateProcessing", "WordPiece")) {
            Files.writeString(file, json.replace("\"" + part + "\"", "\"New" + part + "\""));
            assertThatThrownBy(() -> PretrainedTokens.of(dir).open())
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("\"New" + part + "\"; known are [");
        }
        Files.writeString(file, json.substring(0, json.length() / 2));
        assertThatThrownBy(() -> PretrainedTokens.of(dir).open()).isInstanceOf(InputException.class);
    }

    @Test
    void an_added_token_that_the_vocabulary_numbers_otherwise_is_refused(@TempDir Path dir) throws IOException {
        Path file = TokenizerTrainer.bpe(270).train(List.of("ab ab")).save(dir);
        Files.writeString(file, Files.readString(file).replace("\"id\" : 0", "\"id\" : 7"));
        assertThatThrownBy(() -> PretrainedTokens.of(dir).open())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the number 7 among added_tokens and 0 in the vocabulary");
    }

    @Test
    void an_added_token_whose_number_leaves_a_gap_is_refused() {
        String added =
                "{\"version\": \"1.0\", \"added_tokens\": [{\"id\": %d, \"content\": \"<x>\", \"single_word\": false,"
                        + " \"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": true}], \"model\": {\"type\": \"BPE\","
                        + " \"vocab\": {\"a\": 0, \"b\": 1, \"c\": 2}, \"merges\": []}}";
        // Python's tokenizers 0.23.2 gives [0, 3] for both.
        try (Tokenizer right = HuggingFaceTokens.open(added.formatted(3), "right", "<x>")) {
            assertThat(right.encode("a<x>")).containsExactly(0, 3);
        }
        assertThatThrownBy(() -> HuggingFaceTokens.open(added.formatted(5), "wrong", "<x>"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the token \"<x>\" has the number 5 among added_tokens")
                .hasMessageContaining("counts 3");
    }

    @Test
    void a_part_that_is_not_known_or_not_whole_is_named() {
        String with =
                "{\"version\": \"1.0\", \"added_tokens\": [], %s, \"model\": {\"type\": \"BPE\", \"vocab\": {\"\u00e4\": 0,"
                        + " \"b\": 1}, \"merges\": []}}";
        Map<String, String> wrong = Map.of(
                "\"trellis\": {\"type\": \"x\"}",
                "unknown part \"trellis\"; known are [added_tokens, decoder,",
                "\"decoder\": \"Fuse\"",
                "expected a decoder as an object with a type, or null, received string",
                "\"normalizer\": {\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Bar\"}]}",
                "unknown normalizer \"Bar\"; known are [BertNormalizer,",
                "\"pre_tokenizer\": {\"type\": \"Digits\"}, \"decoder\": null",
                "does not open: pre_tokenizer: missing field `individual_digits`",
                "\"normalizer\": null, \"pre_tokenizer\": {\"type\": \"Split\", \"pattern\": {\"Regex\": \"(\u00e4\"}, \"behavior\":"
                        + " \"Isolated\", \"invert\": false}",
                "does not open: pre_tokenizer: Oniguruma error",
                "\"truncation\": {\"direction\": \"Up\"}",
                "does not open: truncation: unknown variant `Up`");
        wrong.forEach(
                (part, told) -> assertThatThrownBy(() -> HuggingFaceTokens.open(with.formatted(part), "file", "b"))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("the tokenizer file")
                        .hasMessageContaining(told)
                        .hasMessageNotContaining("column"));
        assertThatThrownBy(() -> HuggingFaceTokens.open(
                        with.formatted("\"decoder\": null").replace("\"merges\": []", "\"merges\": [\"b x\"]"),
                        "file",
                        "b"))
                .hasMessageContaining("does not open: model: Token `x` out of vocabulary");
    }

    @Test
    void a_character_without_a_token_is_told_and_not_left_out() {
        TokenizerTrainer characters = TokenizerTrainer.of(TokenizerType.CHARACTERS, 1);
        try (Tokenizer known = characters.train(List.of("abc\n")).open()) {
            assertThat(known.decode(known.encode("cab<|endoftext|>a\n"))).isEqualTo("caba\n");
            assertThatThrownBy(() -> known.encode("ab\nc\ud83d\ude00"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("received \"\ud83d\ude00\" (U+1F600) at character 4 (line 2)");
            assertThatThrownBy(() -> known.tokens("d")).hasMessageContaining("\"d\" (U+0064) at character 0");
        }
        try (Tokenizer unknown = characters
                .specialTokens(List.of("<|endoftext|>", "<unk>"))
                .train(List.of("abc"))
                .open()) {
            assertThat(unknown.encode("adb")).containsExactly(0, unknown.id("<unk>"), 1);
        }
        String few =
                "{\"version\": \"1.0\", \"added_tokens\": [], \"pre_tokenizer\": %s, \"model\": {\"type\": \"BPE\","
                        + " \"vocab\": {\"a\": 0, \"\u0120\": 1}, \"merges\": []}}";
        String bytes =
                "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": true}";
        try (Tokenizer twoBytes = HuggingFaceTokens.open(few.formatted(bytes), "few", "a")) {
            assertThat(twoBytes.encode("a a")).containsExactly(0, 1, 0);
            assertThatThrownBy(() -> twoBytes.encode("a b")).hasMessageContaining("\"b\" (U+0062) at character 2");
        }
        try (Tokenizer words = HuggingFaceTokens.open(few.formatted("{\"type\": \"Whitespace\"}"), "few", "a")) {
            assertThat(words.encode("a a")).containsExactly(0, 0);
            assertThatThrownBy(() -> words.encode("a b")).hasMessageContaining("\"b\" (U+0062) at character 2");
        }
    }

    /** What Python's tokenizers 0.23.2 gives for "a a": [0, 0], of which the blank is lost where no pre-tokenizer takes it. */
    @Test
    void a_blank_without_a_token_is_told_unless_it_only_parts_words() {
        String few =
                "{\"version\": \"1.0\", \"added_tokens\": [], \"pre_tokenizer\": %s, \"model\": {\"type\": \"BPE\","
                        + " \"vocab\": {\"a\": 0}, \"merges\": []}}";
        String bytes =
                "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": true}";
        String both = "{\"type\": \"Sequence\", \"pretokenizers\": [%s, " + bytes + "]}";
        for (String parting :
                List.of("{\"type\": \"WhitespaceSplit\"}", both.formatted("{\"type\": \"WhitespaceSplit\"}"))) {
            try (Tokenizer words = HuggingFaceTokens.open(few.formatted(parting), "few", "a")) {
                assertThat(words.encode("a a")).as(parting).containsExactly(0, 0);
                assertThatThrownBy(() -> words.encode("a b")).hasMessageContaining("\"b\" (U+0062) at character 2");
            }
        }
        String digits = "{\"type\": \"Digits\", \"individual_digits\": false}";
        for (String keeping : List.of(digits, both.formatted(digits))) {
            try (Tokenizer words = HuggingFaceTokens.open(few.formatted(keeping), "few", "a")) {
                assertThatThrownBy(() -> words.encode("a a"))
                        .as(keeping)
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("\" \" (U+0020) at character 1");
            }
        }
    }

    @Test
    void lines_of_a_vocabulary_that_cannot_be_are_told(@TempDir Path dir) throws IOException {
        Path file = Files.writeString(dir.resolve("vocab.txt"), "[UNK]\n[SEP]\nab\nab\n");
        assertThatThrownBy(() -> PretrainedTokens.of(file).open())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 4");
        Files.writeString(file, "ab\n");
        assertThatThrownBy(() -> PretrainedTokens.of(file).open())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected the token \"[UNK]\"");
    }
}

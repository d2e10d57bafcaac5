package dev.jumbo.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.text.train.TokenizerTrainer;
import dev.jumbo.text.train.TokenizerType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Our encoder gives what Hugging Face's library gives. */
class WordPieceTokenizerTest {
    private static final String CORPUS =
            "The cat isn't on the mat, THE CAT'S on 12345 mats; we've 3 of them (they'll go)."
                    + " Der K\u00e4fer \u00fcber dem Flu\u00df \u2013 \u00a1qu\u00e9 ni\u00f1o! \u65e5\u672c\u8a9e \ud83d\ude42 e\u0301";

    private static final String[] BITS = {
        " ",
        "  ",
        "\n",
        "\r\n",
        "\t",
        "\u00a0",
        "\u3000",
        "\u2028",
        "\u0085",
        "\u000b",
        "\u000c",
        "\u001f",
        "'",
        "'s",
        "cat",
        "CAT",
        "Mat",
        "unseenword",
        "a",
        "Z",
        "#",
        "##",
        "##s",
        "\u00e4",
        "\u00c4",
        "e\u0301",
        "\u0301",
        "\u00df",
        "\u0130",
        "\u01c5",
        "\u03a3",
        "\u03c2",
        "1",
        "12",
        "\u00bd",
        "\u0664",
        "\u65e5\u672c",
        "\u30c6",
        "\uac00",
        "\u1100\u1161",
        "\ud83d\ude42",
        "\ud835\udfd8",
        "!",
        "...",
        "$",
        "_",
        "~",
        "^",
        "[SEP]",
        "[MASK]",
        "[PAD",
        "[sep]",
        " [X] ",
        "\u0000",
        "\ufffd",
        "\u200d",
        "\u007f",
        "\u00ad",
        "\u0e01\u0e33",
        "\ud83e\udee8",
        "\u0378",
        "\ud800",
        "\udc00",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "b".repeat(101),
        "b".repeat(100),
        "http://x.y/z?q=1",
        "\u2026",
        "\u201c",
        "\u20ac"
    };

    private static String draw(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(30); n >= 0; n--) {
            if (random.nextInt(8) == 0) {
                text.appendCodePoint(random.nextInt(random.nextBoolean() ? 0x3000 : Character.MAX_CODE_POINT));
            } else {
                text.append(BITS[random.nextInt(BITS.length)]);
            }
        }
        return text.toString();
    }

    private static ObjectNode trained(boolean lowercase) throws IOException {
        TokenizerTrainer usual = TokenizerTrainer.of(TokenizerType.WORDPIECE, 300);
        TokenizerTrainer trainer = new TokenizerTrainer(
                usual.type(), 300, 0, usual.specialTokens(), "[SEP]", usual.words(), lowercase, 1000, 0);
        return (ObjectNode) new ObjectMapper()
                .readTree(trainer.train(List.of(CORPUS, CORPUS)).json());
    }

    private static void compare(JsonNode json, int texts) {
        try (Tokenizer ours = NativeTokenizer.of(json.toString(), "test", "[SEP]");
                NativeTokenizer theirs = NativeTokenizer.library(json.toString(), "test", "[SEP]")) {
            assertThat(ours).isInstanceOf(WordPieceTokenizer.class);
            Random random = new Random(5);
            for (int i = 0; i < texts; i++) {
                String text = draw(random);
                int[] ids = theirs.encode(text);
                assertThat(ours.encode(text)).as("\"" + text + "\"").isEqualTo(ids);
                assertThat(ours.tokens(text).ids()).isEqualTo(ids);
                assertThat(ours.decode(ids)).isEqualTo(theirs.decode(ids));
            }
            String large = CORPUS.repeat(200) + "ab".repeat(20_000) + " ".repeat(3000) + "\u00e4".repeat(3000);
            assertThat(ours.encode(large)).isEqualTo(theirs.encode(large));
        }
    }

    @Test
    void texts_of_all_kinds_of_characters_have_the_ids_that_the_library_gives() throws IOException {
        compare(trained(true), 4000);
        compare(trained(false), 4000);
    }

    @Test
    void settings_of_the_normalizer_of_the_pieces_and_of_marks_are_as_there() throws IOException {
        ObjectNode json = trained(true);
        ((ObjectNode) json.get("normalizer"))
                .put("clean_text", false)
                .put("handle_chinese_chars", false)
                .put("strip_accents", false);
        ((ObjectNode) json.get("model")).put("max_input_chars_per_word", 5);
        ArrayNode added = (ArrayNode) json.get("added_tokens");
        int id = json.path("model").path("vocab").size();
        added.addObject()
                .put("id", id)
                .put("content", "[X]")
                .put("single_word", false)
                .put("lstrip", true)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
        compare(json, 2000);
        ((ObjectNode) json.get("model")).put("continuing_subword_prefix", "");
        compare(json, 2000);
    }

    @Test
    void a_token_that_is_looked_for_in_the_normal_text_is_left_to_the_library() throws IOException {
        ObjectNode json = trained(true);
        ((ArrayNode) json.get("added_tokens"))
                .addObject()
                .put("id", json.path("model").path("vocab").size())
                .put("content", "Käfer")
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", true)
                .put("special", false);
        try (Tokenizer ours = NativeTokenizer.of(json.toString(), "test", "[SEP]")) {
            assertThat(ours).isInstanceOf(NativeTokenizer.class);
            assertThat(ours.encode("kafer")).hasSize(1);
        }
    }

    private static List<String> sharedStrings() throws IOException {
        List<String> texts = new ArrayList<>();
        try (Stream<Path> files = Files.list(SharedData.require("tokenizers/gguf-vocab"))) {
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".inp")).sorted().toList()) {
                texts.addAll(Arrays.asList(Files.readString(file).split("\n__ggml_vocab_test__\n", -1)));
            }
        }
        Path lines = SharedData.require("tokenizers/bert-base-uncased/regression-text_bert-base-uncased.txt.gz");
        try (var in = new GZIPInputStream(Files.newInputStream(lines))) {
            texts.addAll(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList());
        }
        String play = Files.readString(SharedData.require("tinyshakespeare/input.txt"));
        texts.add(play.substring(0, 100_000));
        return texts;
    }

    @Test
    void all_shared_strings_have_the_ids_that_the_library_gives() throws IOException {
        Path cased = SharedData.require("tokenizers/bert-base-cased/bert-base-cased-tokenizer.json");
        Path uncased = SharedData.require("tokenizers/bert-base-uncased/bert-base-uncased.txt");
        List<String> texts = sharedStrings();
        for (TokenizerConfig config :
                List.of(new HuggingFaceTokens(cased, "[SEP]"), new BertTokens(uncased, true, "[SEP]"))) {
            try (Tokenizer ours = config.open()) {
                assertThat(ours).isInstanceOf(WordPieceTokenizer.class);
                List<int[]> two = ours.encodeAll(texts, 2);
                for (int i = 0; i < texts.size(); i++) {
                    assertThat(two.get(i))
                            .as(texts.get(i))
                            .isEqualTo(ours.tokens(texts.get(i)).ids());
                }
            }
        }
    }
}

package dev.jumbo.text;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.text.split.WordRules;
import dev.jumbo.text.train.TokenizerTrainer;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Our encoder gives what Hugging Face's library gives. */
class BytePairTokenizerTest {
    private static final String END = "<|endoftext|>";
    private static String[] bits = {};
    private static String corpus = "";

    @BeforeAll
    static void read() {
        corpus = "the cat isn't on the mat, THE CAT'S on 12345 mats; we've 3 of them, they'll go; I'd say. "
                + "Der K\u00e4fer \u00fcber dem Flu\u00df \u2013 \u00a1qu\u00e9 ni\u00f1o! "
                + "\u65e5\u672c\u8a9e\u306e\u30c6\u30ad\u30b9\u30c8 \ud55c\uad6d\uc5b4 \ud83d\ude42\ud83d\ude42 e\u0301 \n\n  x\t\r\n";
        bits = new String[] {
            " ",
            "  ",
            "\n",
            "\r\n",
            "\t",
            "\u00a0",
            "\u3000",
            "\u2028",
            "\u0085",
            "'",
            "'s",
            "'LL",
            "'\u017f",
            "'re",
            "n't",
            "a",
            "Z",
            "the",
            " the",
            "cat",
            "\u00e4",
            "e\u0301",
            "\u0301",
            "\u00df",
            "\u0130",
            "\u01c5",
            "1",
            "12",
            "123456",
            "\u00bd",
            "\u0664",
            "\u2167",
            "\u65e5\u672c",
            "\u30c6",
            "\uac00",
            "\u1100\u1161",
            "\ud83d\ude42",
            "\ud83c\udff4",
            "\ud835\udfd8",
            "\ud800\udf30",
            "!",
            "...",
            "/",
            "//\n",
            "<|",
            END,
            "<|end",
            "[X]",
            " [X] ",
            "\u0000",
            "\ufffd",
            "\u200d",
            "\u0e01\u0e33",
            "\u0915\u094d",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "_",
            "-",
            "http://x.y/z?q=1",
            "\ud83e\udee8",
            "\u0378",
            "\u01c5a",
            "iPhone",
            "HTMLParser"
        };
    }

    private static String draw(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(30); n >= 0; n--) {
            text.append(bits[random.nextInt(bits.length)]);
        }
        return text.toString();
    }

    private static ObjectNode trained(WordRules rules) throws Exception {
        String json = TokenizerTrainer.bpe(500)
                .specialTokens(List.of(END))
                .words(rules)
                .train(List.of(corpus, corpus.toUpperCase(java.util.Locale.ROOT)))
                .json();
        return (ObjectNode) new ObjectMapper().readTree(json);
    }

    private static void compare(JsonNode json, int texts) {
        try (Tokenizer ours = NativeTokenizer.of(json.toString(), "test", END);
                NativeTokenizer theirs = NativeTokenizer.library(json.toString(), "test", END)) {
            assertThat(ours).isInstanceOf(BytePairTokenizer.class);
            Random random = new Random(3);
            for (int i = 0; i < texts; i++) {
                String text = draw(random);
                int[] ids = theirs.encode(text);
                assertThat(ours.encode(text)).as("\"" + text + "\"").isEqualTo(ids);
                assertThat(ours.decode(ids)).as("\"" + text + "\"").isEqualTo(theirs.decode(ids));
                int[] some = java.util.Arrays.stream(ids)
                        .filter(id -> random.nextInt(3) > 0)
                        .toArray();
                assertThat(ours.decode(some)).as("of \"" + text + "\"").isEqualTo(theirs.decode(some));
                Encoding tokens = ours.tokens(text);
                assertThat(tokens.ids()).isEqualTo(ids);
            }
            String large = corpus.repeat(300) + "ab".repeat(20_000) + " ".repeat(3000);
            assertThat(ours.encode(large)).isEqualTo(theirs.encode(large));
        }
    }

    @ParameterizedTest
    @EnumSource
    void all_rules_for_words_divide_as_the_library_does(WordRules rules) throws Exception {
        compare(trained(rules), 3000);
    }

    @Test
    void tokens_that_are_looked_for_normal_forms_and_whole_words_are_as_there() throws Exception {
        ObjectNode json = trained(WordRules.GPT2);
        ArrayNode added = (ArrayNode) json.get("added_tokens");
        int id = json.path("model").path("vocab").size();
        String[] contents = {"[X]", "<|end", "iPhone", " the", "\u00e9!"};
        for (int i = 0; i < contents.length; i++) {
            added.addObject()
                    .put("id", id + i)
                    .put("content", contents[i])
                    .put("single_word", i == 2)
                    .put("lstrip", i == 0)
                    .put("rstrip", false)
                    .put("normalized", i >= 3)
                    .put("special", i < 2);
        }
        compare(json, 1500);
        json.set("normalizer", new ObjectMapper().createObjectNode().put("type", "NFC"));
        compare(json, 1500);
        ((ObjectNode) json.get("model")).put("ignore_merges", true);
        compare(json, 1500);
    }

    @Test
    void gpt2_s_own_files_divide_a_play_as_the_library_does() throws Exception {
        var config = (Gpt2Tokens)
                PretrainedTokens.of(SharedData.require("tokenizers/gpt2")).resolved();
        String play = Files.readString(SharedData.require("tinyshakespeare/input.txt"))
                .substring(0, 200_000);
        try (Tokenizer ours = config.open()) {
            assertThat(ours).isInstanceOf(BytePairTokenizer.class);
            int[] ids = ours.encode(play);
            assertThat(ours.tokens(play).ids()).isEqualTo(ids);
            assertThat(ours.decode(ids)).isEqualTo(play);
            List<String> lines = play.lines().toList();
            List<int[]> two = ours.encodeAll(lines, 2);
            for (int i = 0; i < lines.size(); i++) {
                assertThat(two.get(i)).isEqualTo(ours.encode(lines.get(i)));
            }
        }
    }
}

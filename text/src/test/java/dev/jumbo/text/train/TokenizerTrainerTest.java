package dev.jumbo.text.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import dev.jumbo.text.HuggingFaceTokens;
import dev.jumbo.text.PretrainedTokens;
import dev.jumbo.text.SharedData;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.split.WordRules;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compared with Hugging Face's tokenizers ({@code make_tokenizer_fixtures.py}). */
class TokenizerTrainerTest {
    private static JsonNode expected;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = TokenizerTrainerTest.class.getResourceAsStream("/fixtures/tokenizers/trained.json")) {
            expected = new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
    }

    private static String sha(Iterable<String> lines) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            lines.forEach(line -> digest.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static int[] ints(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    @Test
    void merges_are_those_of_hugging_face_under_all_rules_for_words(@TempDir Path dir) throws IOException {
        Path file =
                Files.writeString(dir.resolve("text.txt"), expected.get("text").asText());
        for (JsonNode each : expected.get("cases")) {
            TokenizerTrainer usual = TokenizerTrainer.bpe(each.get("size").intValue())
                    .words(WordRules.valueOf(each.get("words").asText()))
                    .minFrequency(each.get("min_frequency").longValue());
            TokenizerTrainer trainer = new TokenizerTrainer(
                    usual.type(),
                    usual.vocabularySize(),
                    usual.minFrequency(),
                    usual.specialTokens(),
                    usual.endOfDocument(),
                    usual.words(),
                    true,
                    0,
                    each.get("longest").intValue());
            TrainedTokenizer trained = trainer.trainFiles(List.of(file));
            String name = each.get("words").asText() + " " + each.get("size") + " " + each.get("longest");
            assertThat(trained.merges()).as(name).isEqualTo(texts(each.get("merges")));
            assertThat(sha(trained.tokens()))
                    .as(name)
                    .isEqualTo(each.get("vocabulary").asText());
            Path json = trained.save(dir.resolve("tokenizer"));
            try (Tokenizer opened = new HuggingFaceTokens(json, "<|endoftext|>").open()) {
                String text = expected.get("text").asText();
                assertThat(opened.encode(text)).as(name).isEqualTo(ints(each.get("ids")));
                assertThat(opened.decode(opened.encode(text))).as(name).isEqualTo(text);
            }
        }
    }

    @Test
    void ties_and_symbols_that_come_about_in_several_ways_are_as_there() {
        for (JsonNode each : expected.get("knots")) {
            TrainedTokenizer trained = TokenizerTrainer.bpe(each.get("size").intValue() + 1)
                    .train(List.of(each.get("text").asText()));
            // That one had no special token, and each id is one less.
            assertThat(trained.merges()).hasSize(each.get("count").intValue());
            assertThat(sha(trained.merges()))
                    .as(each.get("text").asText())
                    .isEqualTo(each.get("merges").asText());
        }
    }

    @Test
    void tiny_shakespeare_gives_the_merges_and_the_ids_that_python_gives() throws IOException {
        Path play = SharedData.require("tinyshakespeare/input.txt");
        for (JsonNode each : expected.get("shakespeare")) {
            TrainedTokenizer trained = TokenizerTrainer.bpe(each.get("size").intValue())
                    .words(WordRules.valueOf(each.get("words").asText()))
                    .trainFiles(List.of(play));
            List<String> merges = trained.merges();
            assertThat(merges).hasSize(each.get("count").intValue());
            assertThat(merges.subList(0, 20)).isEqualTo(texts(each.get("first")));
            assertThat(merges.subList(merges.size() - 5, merges.size())).isEqualTo(texts(each.get("last")));
            assertThat(sha(merges)).isEqualTo(each.get("merges").asText());
            assertThat(sha(trained.tokens())).isEqualTo(each.get("vocabulary").asText());
            try (Tokenizer opened = trained.open()) {
                int[] ids = opened.encode(Files.readString(play));
                assertThat(sha(Arrays.stream(ids).mapToObj(String::valueOf).toList()))
                        .isEqualTo(each.get("ids").asText());
            }
        }
    }

    @Test
    void wordpiece_and_unigram_are_as_good_as_those_of_hugging_face() throws IOException {
        Path play = SharedData.require("tinyshakespeare/input.txt");
        Set<String> theirs = new HashSet<>(texts(expected.get("wordpiece")));
        TrainedTokenizer words =
                TokenizerTrainer.of(TokenizerType.WORDPIECE, 2000).trainFiles(List.of(play));
        // There ties go by the order in which a hash table gives words.
        assertThat(words.tokens()).hasSize(2000).filteredOn(theirs::contains).hasSizeGreaterThan(1980);
        TrainedTokenizer pieces =
                TokenizerTrainer.of(TokenizerType.UNIGRAM, 2000).trainFiles(List.of(play));
        assertThat(pieces.tokens()).hasSize(2000).doesNotHaveDuplicates();
        try (Tokenizer opened = pieces.open()) {
            String text = Files.readString(play);
            int[] ids = opened.encode(text);
            assertThat(ids.length).isLessThan(expected.get("unigram_tokens").intValue() * 101 / 100);
            assertThat(opened.decode(ids)).isEqualTo(text);
        }
    }

    @Test
    void every_type_writes_a_file_that_opens_and_gives_texts_back(@TempDir Path dir) throws IOException {
        String text = "the cat sat on the mat, the dog sat on the log 12 12";
        for (TokenizerType type : TokenizerType.values()) {
            TrainedTokenizer trained = TokenizerTrainer.of(type, type == TokenizerType.BPE ? 270 : 45)
                    .train(List.of(text));
            Path folder = dir.resolve(type.name());
            trained.save(folder);
            try (Tokenizer opened = PretrainedTokens.of(folder).open()) {
                assertThat(opened.vocabularySize())
                        .as(type.name())
                        .isEqualTo(trained.tokens().size());
                assertThat(trained.tokens().get(opened.endOfDocument()))
                        .isEqualTo(TokenizerTrainer.end(type.specialTokens()));
                String back = opened.decode(opened.encode(text));
                assertThat(back)
                        .as(type.name())
                        .isEqualTo(type == TokenizerType.WORDPIECE ? text.replace(" ,", ",") : text);
            }
        }
    }

    @Test
    void neither_the_order_of_files_nor_their_packing_matters(@TempDir Path dir) throws IOException {
        Files.createDirectories(dir.resolve("corpus/more"));
        Files.writeString(dir.resolve("corpus/a.txt"), "ab ab abc\nab");
        try (var out = new GZIPOutputStream(Files.newOutputStream(dir.resolve("corpus/more/b.txt.gz")))) {
            out.write("cd cd abc cde\n".getBytes(StandardCharsets.UTF_8));
        }
        Files.writeString(dir.resolve("corpus/.hidden"), "zzzzzzzzzz");
        for (TokenizerType type : TokenizerType.values()) {
            TokenizerTrainer trainer = TokenizerTrainer.of(type, 280);
            String folder = trainer.trainFiles(List.of(dir.resolve("corpus"))).json();
            String turned = trainer.trainFiles(
                            List.of(dir.resolve("corpus/more/b.txt.gz"), dir.resolve("corpus/a.txt")))
                    .json();
            assertThat(folder).isEqualTo(turned).doesNotContain("zz");
            WordCounts left = new WordCounts();
            WordCounts right = new WordCounts();
            trainer.count("cd cd abc cde\n", left);
            trainer.count("ab", right);
            trainer.count("ab ab abc\n", right);
            left.addAll(right);
            assertThat(trainer.train(left).json()).isEqualTo(folder);
        }
    }

    @Test
    void columns_of_json_and_parquet_train_as_their_texts_do(@TempDir Path dir) throws Exception {
        List<String> texts = List.of("the cat sat\n\non the mat", "", "the dog \"sat\"\ton the log");
        Files.createDirectories(dir.resolve("out/documents"));
        StringBuilder lines = new StringBuilder();
        for (String text : texts) {
            lines.append(new ObjectMapper().createObjectNode().put("text", text).put("other", "zz"))
                    .append("\n");
        }
        Path json = Files.writeString(dir.resolve("a.jsonl"), lines);
        try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = database.createStatement()) {
            statement.execute("copy (select text as content, 1 as id from read_json('" + json + "')) to '"
                    + dir.resolve("out/documents/part-0.parquet") + "' (format parquet)");
        }
        Files.writeString(dir.resolve("out/documents/_SUCCESS"), "");
        Files.writeString(dir.resolve("out/report.json"), "{\"zzzz\": 1}");
        Files.writeString(dir.resolve("out/report.html"), "zzzz");
        for (TokenizerType type : TokenizerType.values()) {
            TokenizerTrainer trainer = TokenizerTrainer.of(type, 280);
            String expected = trainer.train(texts).json();
            assertThat(trainer.trainFiles(List.of(json)).json()).isEqualTo(expected);
            assertThat(trainer.trainFiles(List.of(dir.resolve("out")), "content")
                            .json())
                    .isEqualTo(expected);
        }
        assertThatThrownBy(() -> TokenizerTrainer.bpe(300).trainFiles(List.of(dir.resolve("out"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("part-0.parquet, row 1")
                .hasMessageContaining("the keys [content, id]; name the column");
    }

    @Test
    void what_cannot_be_trained_is_refused_with_what_to_do(@TempDir Path dir) throws IOException {
        assertThatThrownBy(() -> TokenizerTrainer.bpe(100).train(List.of("text")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at least 257 tokens");
        assertThatThrownBy(() -> TokenizerTrainer.bpe(300).train(List.of()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received none");
        assertThatThrownBy(() -> TokenizerTrainer.bpe(300).specialTokens(List.of("a", "a")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("differ");
        assertThatThrownBy(() -> TokenizerTrainer.of(TokenizerType.UNIGRAM, 300).specialTokens(List.of("</s>")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("<unk>");
        Path latin = Files.write(dir.resolve("latin.txt"), new byte[] {'a', '\n', 'b', (byte) 0xe4, 'c', '\n'});
        assertThatThrownBy(() -> TokenizerTrainer.bpe(300).trainFiles(List.of(latin)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("latin.txt, line 2");
        Path packed = Files.writeString(dir.resolve("no.gz"), "text");
        assertThatThrownBy(() -> TokenizerTrainer.bpe(300).trainFiles(List.of(packed)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("gzip");
        assertThatThrownBy(() -> TokenizerTrainer.bpe(300).trainFiles(List.of(dir.resolve("none"))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found none");
    }
}

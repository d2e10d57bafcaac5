package dev.jumbo.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of SentencePiece against its own library. */
class SentencePieceTest {
    private static JsonNode fixture(String name) throws IOException {
        try (InputStream in =
                SentencePieceTest.class.getResourceAsStream("/fixtures/sentencepiece/" + name + ".json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
    }

    private static Path model(String name) {
        return Path.of(Objects.requireNonNull(
                        SentencePieceTest.class.getResource("/fixtures/sentencepiece/" + name + ".model"))
                .getPath());
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).intValue();
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(strings = {"unigram", "unigram_bytes", "unigram_plain", "unigram_folded", "bpe", "bpe_bytes"})
    void ids_and_texts_are_those_of_the_library(String name) throws IOException {
        JsonNode all = fixture("expected");
        JsonNode expected = all.get("models").get(name);
        try (Tokenizer tokenizer = new SentencePieceTokens(model(name), "</s>").open()) {
            assertThat(tokenizer.vocabularySize())
                    .isEqualTo(expected.get("size").intValue());
            assertThat(tokenizer.endOfDocument()).isEqualTo(2);
            for (int i = 0; i < all.get("texts").size(); i++) {
                String text = all.get("texts").get(i).asText();
                int[] ids = ints(expected.get("ids").get(i));
                assertThat(tokenizer.encode(text)).as("\"" + text + "\"").isEqualTo(ids);
                assertThat(tokenizer.decode(ids))
                        .as("\"" + text + "\"")
                        .isEqualTo(expected.get("texts").get(i).asText());
                int[] some = new int[ids.length / 2];
                for (int k = 0; k < some.length; k++) {
                    some[k] = ids[2 * k + 1];
                }
                assertThat(tokenizer.decode(some))
                        .as("some of \"" + text + "\"")
                        .isEqualTo(expected.get("cut").get(i).asText());
            }
        }
    }

    @Test
    void thousands_of_lines_in_three_languages_have_the_ids_that_llama_2_gives_them() throws Exception {
        Path shared = Path.of(System.getProperty(
                "jumbo.shared", Objects.requireNonNullElse(System.getenv("JUMBO_SHARED"), "../../shared/data")));
        Path file = shared.resolve("tokenizers/llama2-sentencepiece/tokenizer.model");
        Assumptions.assumeTrue(Files.exists(file), () -> "no " + file);
        JsonNode expected = fixture("llama2");
        JsonNode texts = fixture("expected").get("texts");
        try (Tokenizer tokenizer = new SentencePieceTokens(file, "</s>").open()) {
            assertThat(tokenizer.vocabularySize())
                    .isEqualTo(expected.get("size").intValue());
            for (int i = 0; i < texts.size(); i++) {
                assertThat(tokenizer.encode(texts.get(i).asText()))
                        .as("\"" + texts.get(i).asText() + "\"")
                        .isEqualTo(ints(expected.get("ids").get(i)));
            }
            int total = 0;
            for (Map.Entry<String, JsonNode> each : expected.get("files").properties()) {
                Path lines = shared.resolve("multi30k").resolve(each.getKey());
                Assumptions.assumeTrue(Files.exists(lines), () -> "no " + lines);
                MessageDigest sha = MessageDigest.getInstance("SHA-256");
                int read = 0;
                int tokens = 0;
                try (BufferedReader in = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(lines)), StandardCharsets.UTF_8))) {
                    for (String line = in.readLine(); line != null; line = in.readLine()) {
                        int[] ids = tokenizer.encode(line);
                        sha.update(
                                (Arrays.stream(ids).mapToObj(String::valueOf).collect(Collectors.joining(" ")) + "\n")
                                        .getBytes(StandardCharsets.UTF_8));
                        tokens += ids.length;
                        read++;
                    }
                }
                assertThat(read)
                        .as(each.getKey())
                        .isEqualTo(each.getValue().get("lines").intValue());
                assertThat(tokens)
                        .as(each.getKey())
                        .isEqualTo(each.getValue().get("tokens").intValue());
                assertThat(HexFormat.of().formatHex(sha.digest()))
                        .as(each.getKey())
                        .isEqualTo(each.getValue().get("sha256").asText());
                total += read;
            }
            assertThat(total).isGreaterThan(6000);
        }
    }

    @Test
    void what_is_no_model_or_has_no_such_end_is_refused(@TempDir Path temp) throws IOException {
        byte[] good = Files.readAllBytes(model("bpe_bytes"));
        Random random = new Random(5);
        Path file = temp.resolve("m.model");
        for (int i = 0; i < 300; i++) {
            byte[] changed = Arrays.copyOf(good, i % 2 == 0 ? random.nextInt(good.length) : good.length);
            for (int k = 0; changed.length > 0 && k < 4; k++) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            Files.write(file, changed);
            try (Tokenizer tokenizer = new SentencePieceTokens(file, "</s>").open()) {
                assertThat(tokenizer.decode(tokenizer.encode("der alte Mann"))).isNotNull();
            } catch (InputException e) {
                assertThat(e).hasMessageContaining("m.model");
            }
        }
        Files.writeString(file, "{\"model\": {}}");
        assertThatThrownBy(() -> new SentencePieceTokens(file, "</s>").open())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("SentencePiece");
        assertThatThrownBy(() -> new SentencePieceTokens(model("bpe"), "<end>").open())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("end_of_document");
        assertThatThrownBy(() -> new SentencePieceTokens(temp.resolve("none"), "</s>").open())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("cannot read");
    }
}

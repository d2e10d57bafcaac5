package dev.jumbo.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vocabularies in the wild: what the programs that they come from give for strings that are hard to divide. */
class SharedTokenizersTest {
    private static List<String> strings(String name) throws IOException {
        String all = Files.readString(SharedData.require("tokenizers/gguf-vocab/ggml-vocab-" + name + ".gguf.inp"));
        return Arrays.asList(all.split("\n__ggml_vocab_test__\n", -1));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-2, gpt2",
        "llama-bpe, llama3/tokenizer.model",
        "qwen2, qwen",
        "llama-spm, llama2-sentencepiece",
        "phi-3, llama2-sentencepiece/tokenizer.model",
        "bert-bge, bert-base-uncased/bert-base-uncased.txt"
    })
    void every_string_has_the_ids_that_its_own_program_gives_it(String name, String place) throws IOException {
        List<String> strings = strings(name);
        List<String> lines =
                Files.readAllLines(SharedData.require("tokenizers/gguf-vocab/ggml-vocab-" + name + ".gguf.out"));
        // What is behind the last line feed is no string.
        assertThat(strings).hasSizeBetween(lines.size(), lines.size() + 1);
        try (Tokenizer tokenizer =
                PretrainedTokens.of(SharedData.require("tokenizers/" + place)).open()) {
            for (int i = 0; i < lines.size(); i++) {
                int[] expected = Arrays.stream(lines.get(i).strip().split(" +"))
                        .filter(id -> !id.isEmpty())
                        .mapToInt(Integer::parseInt)
                        .toArray();
                String text = strings.get(i);
                assertThat(tokenizer.encode(text))
                        .as(name + " \"" + text + "\"")
                        .isEqualTo(expected);
                if (!name.equals("bert-bge")) {
                    assertThat(tokenizer.decode(expected)).isEqualTo(text);
                }
            }
        }
    }

    @Test
    void thousands_of_lines_in_many_languages_have_the_word_pieces_of_bert() throws IOException {
        Path file = SharedData.require("tokenizers/bert-base-uncased/regression-text_bert-base-uncased.txt.gz");
        Path vocabulary = SharedData.require("tokenizers/bert-base-uncased/bert-base-uncased.txt");
        try (Tokenizer tokenizer = new BertTokens(vocabulary, true, "[SEP]").open();
                BufferedReader in = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            int lines = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String[] parts = line.split("\t");
                String[] expected = Arrays.copyOfRange(parts, 1, parts.length);
                String[] tokens = Arrays.stream(tokenizer.encode(parts[0]))
                        .mapToObj(tokenizer::token)
                        .toArray(String[]::new);
                assertThat(tokens).as(parts[0]).isEqualTo(expected);
                lines++;
            }
            assertThat(lines).isGreaterThan(9000);
        }
    }
}

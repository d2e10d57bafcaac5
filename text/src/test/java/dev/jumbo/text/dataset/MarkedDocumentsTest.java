package dev.jumbo.text.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Row;
import dev.jumbo.data.packing.DocumentPacking;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.text.HuggingFaceTokens;
import dev.jumbo.text.TokenizerConfig;
import dev.jumbo.text.corpus.DocumentReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is expected was computed by transformers as {@code make_marked_document_fixtures.py} says. */
class MarkedDocumentsTest {
    private static final Path FIXTURES = Path.of("src/test/resources/fixtures/marks");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temp;

    private final JsonNode expected;

    MarkedDocumentsTest() throws IOException {
        expected = JSON.readTree(FIXTURES.resolve("expected.json").toFile());
    }

    private static TokenizerConfig tokenizer(String name, String end) {
        return new HuggingFaceTokens(FIXTURES.resolve(name + ".json"), end);
    }

    private Dataset texts(TokenizerConfig tokenizer, boolean marks) throws IOException {
        List<String> lines = new ArrayList<>();
        expected.path("texts").forEach(text -> lines.add(text.asText()));
        Files.write(temp.resolve("a.txt"), lines);
        return new TextSource(
                        List.of("a.txt"),
                        tokenizer,
                        32,
                        List.of(),
                        List.of(),
                        0,
                        DocumentReader.Unit.LINE,
                        "text",
                        DocumentPacking.NONE,
                        false,
                        false,
                        false,
                        1,
                        marks)
                .load(temp, temp)
                .train();
    }

    /** What the model sees of an example, and the last one that it is to give. */
    private static List<Long> ids(Dataset data, int example, int input, int target) {
        Row row = Row.single(data);
        data.read(example, row);
        List<Long> ids = new ArrayList<>();
        int length = data.length(example, input);
        for (int t = 0; t < length; t++) {
            ids.add(row.longs(input)[t]);
        }
        ids.add(row.longs(target)[length - 1]);
        return ids;
    }

    private static List<Long> longs(JsonNode... parts) {
        List<Long> all = new ArrayList<>();
        for (JsonNode part : parts) {
            part.forEach(id -> all.add(id.asLong()));
        }
        return all;
    }

    @Test
    void a_document_has_the_marks_that_transformers_puts_around_it_and_one_end() throws IOException {
        Dataset llama = texts(tokenizer("llama", "</s>"), true);
        Dataset bert = texts(tokenizer("bert", "[SEP]"), true);
        for (int i = 0; i < 3; i++) {
            List<Long> ended = longs(expected.path("llama").path(i));
            ended.add(30L); // </s>, which ends each document here.
            assertThat(ids(llama, i, 0, llama.inputs().size())).isEqualTo(ended);
            assertThat(ids(bert, i, 0, bert.inputs().size()))
                    .isEqualTo(longs(expected.path("bert").path(i)));
        }
    }

    @Test
    void without_marks_a_document_is_its_tokens_and_its_end() throws IOException {
        Dataset llama = texts(tokenizer("llama", "</s>"), false);
        List<Long> plain = longs(expected.path("llama").path(0));
        plain.remove(0);
        plain.add(30L);
        assertThat(ids(llama, 0, 0, llama.inputs().size())).isEqualTo(plain);
    }

    @Test
    void a_preference_of_texts_has_the_ids_that_trl_gives_it() throws IOException {
        List<String> lines = new ArrayList<>();
        expected.path("pairs")
                .forEach(pair -> lines.add(JSON.createObjectNode()
                        .put("prompt", pair.path(0).asText())
                        .put("chosen", pair.path(1).asText())
                        .put("rejected", pair.path(2).asText())
                        .toString()));
        Files.write(temp.resolve("a.jsonl"), lines);
        DataSource source = PreferenceSource.of(List.of("a.jsonl"), tokenizer("llama", "</s>"), 32, "plain");
        Dataset data = source.load(temp, temp).train();
        for (int i = 0; i < 2; i++) {
            JsonNode pair = expected.path("trl").path(i);
            for (int answer = 0; answer < 2; answer++) {
                assertThat(ids(data, i, answer, 2 + answer))
                        .isEqualTo(
                                longs(pair.path("prompt"), pair.path("answers").path(answer)));
                Row row = Row.single(data);
                data.read(i, row);
                for (int t = 0; t + 1 < pair.path("prompt").size(); t++) {
                    assertThat(row.longs(2 + answer)[t]).isEqualTo(-100);
                }
            }
        }
    }
}

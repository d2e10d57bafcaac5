package dev.jumbo.text.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Row;
import dev.jumbo.error.InputException;
import dev.jumbo.text.ByteTokens;
import dev.jumbo.text.HuggingFaceTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferenceSourceTest {
    private static final String TEMPLATE = "{% for m in messages %}{{ m.role[0] | upper }}:{{ m.content }};{% endfor %}"
            + "{% if add_generation_prompt %}A:{% endif %}";

    @TempDir
    Path temp;

    private Dataset load(String content, int context) throws IOException {
        Files.writeString(temp.resolve("a.jsonl"), content);
        return PreferenceSource.of(List.of("a.jsonl"), new ByteTokens(), context, TEMPLATE)
                .load(temp, temp)
                .train();
    }

    private static String said(Dataset data, int example, int field) {
        Row row = Row.single(data);
        data.read(example, row);
        StringBuilder said = new StringBuilder();
        for (int t = 0; t < data.length(example, field); t++) {
            long id = row.longs(field)[t];
            said.append(id == -100 ? "." : id == 256 ? "|" : String.valueOf((char) id));
        }
        return said.toString();
    }

    private static void requirePair(Dataset data, List<String> expected) {
        assertThat(data.inputs()).extracting(f -> f.name()).containsExactly("chosen", "rejected");
        assertThat(data.targets()).extracting(f -> f.name()).containsExactly("chosen_next", "rejected_next");
        for (int field = 0; field < 4; field++) {
            assertThat(said(data, 0, field)).isEqualTo(expected.get(field));
        }
    }

    @Test
    void texts_end_with_the_end_of_a_document_and_only_answers_are_learned() throws IOException {
        requirePair(
                load("{\"prompt\": \"1+1=\", \"chosen\": \"2\", \"rejected\": \"11\"}", 9),
                List.of("1+1=2", "1+1=11", "...2|", "...11|"));
    }

    @Test
    void messages_with_a_prompt_or_whole_conversations_give_the_same_pairs() throws IOException {
        String question = "{\"role\": \"user\", \"content\": \"q\"}";
        String good = "{\"role\": \"assistant\", \"content\": \"yes\"}";
        String bad = "{\"role\": \"assistant\", \"content\": \"n\"}";
        List<String> expected = List.of("U:q;A:yes", "U:q;A:n", ".....yes;", ".....n;");
        requirePair(
                load("{\"prompt\": [" + question + "], \"chosen\": [" + good + "], \"rejected\": [" + bad + "]}", 20),
                expected);
        requirePair(
                load("{\"chosen\": [" + question + "," + good + "], \"rejected\": [" + question + "," + bad + "]}", 20),
                expected);
        requirePair(
                load(
                        "{\"prompt\": \"q\", \"chosen\": [" + question + "," + good + "], \"rejected\": [" + question
                                + "," + bad + "]}",
                        20),
                expected);
    }

    @Test
    void a_pair_that_is_twice_the_same_is_refused_with_or_without_a_prompt() throws IOException {
        String message = "{\"role\": \"assistant\", \"content\": \"b\"}";
        for (String pair : List.of(
                "{\"prompt\": \"a\", \"chosen\": \"b\", \"rejected\": \"b\"}",
                "{\"prompt\": \"a\", \"chosen\": [" + message + "], \"rejected\": [" + message + "]}",
                "{\"chosen\": [" + message + "], \"rejected\": [" + message + "]}")) {
            assertThatThrownBy(() -> load(pair, 20))
                    .as(pair)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("line 1: expected")
                    .hasMessageContaining("two answers that differ, received")
                    .hasMessageContaining("twice the same");
        }
    }

    /** trl's dpo_trainer: if not example["chosen"].endswith(eos_token). */
    @Test
    void a_text_that_has_its_end_is_not_ended_twice() throws IOException {
        Files.writeString(
                temp.resolve("tokenizer.json"),
                "{\"version\": \"1.0\", \"added_tokens\": [{\"id\": 3, \"content\": \"</s>\", \"single_word\": false,"
                        + " \"lstrip\": false, \"rstrip\": false, \"normalized\": false, \"special\": true}],"
                        + " \"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0, \"b\": 1, \"c\": 2, \"</s>\": 3}, \"merges\": []}}");
        Files.writeString(temp.resolve("a.jsonl"), "{\"prompt\": \"a\", \"chosen\": \"b</s>\", \"rejected\": \"c\"}");
        Dataset data = PreferenceSource.of(
                        List.of("a.jsonl"), new HuggingFaceTokens(temp.resolve("tokenizer.json"), "</s>"), 9, TEMPLATE)
                .load(temp, temp)
                .train();
        Row row = Row.single(data);
        data.read(0, row);
        assertThat(data.length(0, 2)).isEqualTo(2);
        assertThat(row.longs(2)).startsWith(1, 3);
        assertThat(data.length(0, 3)).isEqualTo(2);
        assertThat(row.longs(3)).startsWith(2, 3);
    }

    @Test
    void what_is_no_pair_or_too_long_is_refused_with_its_place() throws IOException {
        assertThatThrownBy(() -> load("{\"prompt\": \"a\", \"chosen\": \"b\"}", 9))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 1: expected a value of \"rejected\", received the keys [prompt, chosen]");
        assertThatThrownBy(() -> load("{\"prompt\": \"\", \"chosen\": \"b\", \"rejected\": \"c\"}", 9))
                .hasMessageContaining("line 1: expected a prompt and an answer, received an empty prompt");
        assertThatThrownBy(() -> load("{\"prompt\": \"long\", \"chosen\": \"b\", \"rejected\": \"c\"}", 4))
                .hasMessageContaining("received 1 pairs that are longer, the first in");
    }
}

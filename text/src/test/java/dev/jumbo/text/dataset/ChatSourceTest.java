package dev.jumbo.text.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Row;
import dev.jumbo.data.packing.DocumentPacking;
import dev.jumbo.error.InputException;
import dev.jumbo.text.ByteTokens;
import dev.jumbo.text.chat.ChatFormat;
import dev.jumbo.text.chat.ChatTemplates;
import dev.jumbo.text.chat.ChatTransform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatSourceTest {
    private static final String TEMPLATE = "{% for m in messages %}{{ m.role[0] | upper }}:{{ m.content }};{% endfor %}"
            + "{% if add_generation_prompt %}A:{% endif %}";
    private static final String TWO = "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"},"
            + " {\"role\": \"assistant\", \"content\": \"yo\"}, {\"role\": \"user\", \"content\": \"x\"},"
            + " {\"role\": \"assistant\", \"content\": \"z\"}]}\n";

    @TempDir
    Path temp;

    private ChatSource source(ChatSource.Learn learn, DocumentPacking packing, int context, boolean cut, boolean end) {
        return new ChatSource(
                List.of("a.jsonl"),
                new ByteTokens(),
                context,
                TEMPLATE,
                List.of(),
                List.of(),
                learn,
                packing,
                packing != DocumentPacking.NONE,
                cut,
                end,
                null,
                null,
                ChatFormat.RECORDS);
    }

    private Dataset load(String content, ChatSource source) throws IOException {
        Files.writeString(temp.resolve("a.jsonl"), content);
        return source.load(temp, temp).train();
    }

    /** What a target says, {@code .} where it says nothing. */
    private static String said(Dataset data, int example, int field) {
        Row row = Row.single(data);
        data.read(example, row);
        boolean ragged = data.inputs().get(0).isRagged();
        int length = ragged ? data.length(example, field) : row.longs(field).length;
        StringBuilder said = new StringBuilder();
        for (int t = 0; t < length; t++) {
            long id = row.longs(field)[t];
            said.append(id == -100 ? "." : id == 256 ? "|" : String.valueOf((char) id));
        }
        return said.toString();
    }

    @Test
    void the_loss_is_on_the_answers_alone_each_with_what_ends_it() throws IOException {
        Dataset data = load(TWO, source(ChatSource.Learn.ANSWERS, DocumentPacking.NONE, 30, false, false));
        assertThat(said(data, 0, 0)).isEqualTo("U:hi;A:yo;U:x;A:z");
        assertThat(said(data, 0, 1)).isEqualTo("......yo;......z;");
        assertThat(said(load(TWO, source(ChatSource.Learn.LAST_ANSWER, DocumentPacking.NONE, 30, false, false)), 0, 1))
                .isEqualTo("...............z;");
        assertThat(said(load(TWO, source(ChatSource.Learn.ALL, DocumentPacking.NONE, 30, false, true)), 0, 1))
                .isEqualTo(":hi;A:yo;U:x;A:z;|");
    }

    @Test
    void packed_chats_keep_their_masks_and_are_told_apart() throws IOException {
        Dataset data = load(TWO + TWO, source(ChatSource.Learn.ANSWERS, DocumentPacking.BEST_FIT, 36, false, false));
        assertThat(data.size()).isEqualTo(1);
        assertThat(data.inputs()).extracting(f -> f.name()).containsExactly("tokens", "positions", "documents");
        assertThat(said(data, 0, 3)).isEqualTo("......yo;......z;......yo;......z;..");
    }

    @Test
    void share_gpt_and_json_lists_are_read_and_tokenizer_and_template_go_along() throws IOException {
        Files.writeString(
                temp.resolve("b.json"),
                "[{\"system\": \"s\", \"conversations\": [{\"from\": \"human\", \"value\": \"hi\"},"
                        + "{\"from\": \"gpt\", \"value\": \"yo\"}]}]");
        ChatSource source = ChatSource.of(List.of("b.json"), new ByteTokens(), 99, "chatml");
        Dataset data = source.load(temp, temp).train();
        assertThat(said(data, 0, 0))
                .startsWith(
                        "<|im_start|>system\ns<|im_end|>\n<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\nyo");
        assertThat(data.madeBy().get("chat"))
                .isEqualTo(new ChatTransform(new ByteTokens(), ChatTemplates.CHATML, "", "", 99, 257));
    }

    @Test
    void of_a_prompt_and_a_completion_the_completion_alone_is_learned_to_its_end_as_by_trl() throws IOException {
        // trl 1.13, SFTTrainer: completion_mask is 0 for as many ids as apply_chat_template(prompt,
        // add_generation_prompt=True) has, 1 behind.
        String record =
                "{\"prompt\": [{\"role\": \"user\", \"content\": \"hi\"}, {\"role\": \"assistant\", \"content\": \"yo\"},"
                        + " {\"role\": \"user\", \"content\": \"x\"}], \"completion\": [{\"role\": \"assistant\", \"content\": \"z\"}]}\n";
        Dataset data = load(record, source(ChatSource.Learn.ANSWERS, DocumentPacking.NONE, 30, false, false));
        assertThat(said(data, 0, 0)).isEqualTo("U:hi;A:yo;U:x;A:z");
        assertThat(said(data, 0, 1)).isEqualTo("...............z;");
        assertThatThrownBy(() -> load(
                        "{\"prompt\": \"hi\", \"completion\": \"yo\"}\n",
                        source(ChatSource.Learn.ANSWERS, DocumentPacking.NONE, 30, false, false)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a list of one message or more in \"prompt\"");
    }

    @Test
    void alpacas_instructions_are_chats_whose_question_ends_in_its_input() throws IOException {
        ChatSource all = source(ChatSource.Learn.ANSWERS, DocumentPacking.NONE, 40, false, false);
        String record =
                "{\"instruction\": \"add\", \"input\": \"1 2\", \"output\": \"3\", \"system\": \"s\", \"history\": [[\"hi\", \"yo\"]]}\n";
        Dataset data = load(record, all);
        assertThat(said(data, 0, 0)).isEqualTo("S:s;U:hi;A:yo;U:add\n1 2;A:3");
        assertThat(said(data, 0, 1)).isEqualTo("..........yo;............3;");
        Dataset alone = load("{\"instruction\": \"add\", \"input\": \"\", \"output\": \"3\"}\n", all);
        assertThat(said(alone, 0, 0)).isEqualTo("U:add;A:3");
    }

    @Test
    void function_calls_of_share_gpt_are_tool_calls_of_the_assistant() throws IOException {
        String call =
                "{\"from\": \"function_call\", \"value\": \"{\\\"name\\\": \\\"w\\\", \\\"arguments\\\": {\\\"a\\\": 1}}\"}";
        String record = "{\"conversations\": [{\"from\": \"human\", \"value\": \"hi\"}, " + call
                + ", {\"from\": \"observation\", \"value\": \"7\"}, {\"from\": \"gpt\", \"value\": \"yo\"}],"
                + " \"tools\": \"[{\\\"name\\\": \\\"w\\\"}]\"}\n";
        Files.writeString(temp.resolve("a.jsonl"), record);
        String template = "{{ tools[0].name }};{% for m in messages %}{{ m.role[0] | upper }}:{{ m.content }}"
                + "{% for c in m.tool_calls %}{{ c.function.name }}{{ c.function.arguments | tojson }}{% endfor %};"
                + "{% endfor %}{% if add_generation_prompt %}A:{% endif %}";
        Dataset data = ChatSource.of(List.of("a.jsonl"), new ByteTokens(), 60, template)
                .load(temp, temp)
                .train();
        assertThat(said(data, 0, 0)).isEqualTo("w;U:hi;A:w{\"a\": 1};T:7;A:yo");
        assertThat(said(data, 0, 1)).isEqualTo("........w{\"a\": 1};......yo;");
        assertThatThrownBy(() -> load(
                        record.replace("arguments", "args"),
                        source(ChatSource.Learn.ANSWERS, DocumentPacking.NONE, 30, false, false)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("\"function_call\" in message 1");
    }

    @Test
    void a_checkpoint_can_ask_with_what_it_has() {
        ChatTransform transform = new ChatTransform(new ByteTokens(), TEMPLATE, "", "", 40, 257);
        try (var opened = transform.open(Field.text("chat"))) {
            long[] ids = (long[]) opened.apply(
                    "{\"messages\": [{\"role\": \"user\", \"content\": \"hi\"}]}".getBytes(StandardCharsets.UTF_8));
            assertThat(ids).containsExactly("U:hi;A:".chars().asLongStream().toArray());
            assertThatThrownBy(() -> opened.apply("hi".getBytes(StandardCharsets.UTF_8)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("expected a chat as JSON");
        }
    }

    @Test
    void chats_longer_than_the_context_are_counted_and_those_whose_answers_are_behind_it_left_out() throws IOException {
        String later = "{\"messages\": [{\"role\": \"user\", \"content\": \"a long question\"},"
                + " {\"role\": \"assistant\", \"content\": \"a\"}]}\n";
        assertThatThrownBy(() -> load(TWO, source(ChatSource.Learn.ANSWERS, DocumentPacking.NONE, 9, false, false)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected documents of at most 9 tokens, received 1 of 1 that are longer");
        Dataset cut = load(TWO + later, source(ChatSource.Learn.ANSWERS, DocumentPacking.NONE, 9, true, false));
        assertThat(cut.size()).isEqualTo(1);
        assertThat(said(cut, 0, 1)).isEqualTo("......yo;");
        assertThatThrownBy(() -> load(later, source(ChatSource.Learn.ANSWERS, DocumentPacking.NONE, 9, true, false)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "received none but 1 chats whose answers begin behind the context of 9 tokens, the"
                                + " first in")
                .hasMessageContaining("a.jsonl, line 1; raise context");
    }

    @Test
    void what_is_no_chat_is_refused_with_its_file_and_line() throws IOException {
        refused("{\"text\": 1}", "line 2: expected a chat as \"messages\" (role, content) or \"conversations\"");
        refused("{\"messages\": []}", "line 2: expected a list of one message or more in \"messages\"");
        refused(
                "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}",
                "line 2: expected a chat with an answer of the assistant, which is what is learned, received 1 messages of"
                        + " [user]");
        refused("{\"messages\": [{\"content\": \"a\"}]}", "line 2: expected a text as \"role\" of message 0");
        refused(
                "{\"messages\": [{\"role\": \"user\"}]}",
                "line 2: expected a text, or a list of parts, as \"content\"");
        refused(
                "{\"conversations\": [{\"from\": \"cat\", \"value\": \"a\"}]}",
                "as \"from\" of message 0, received \"cat\"");
        refused("{\"messages\": [", "line 2: expected a JSON object");
    }

    private void refused(String line, String message) {
        assertThatThrownBy(() -> load(
                        TWO + line + "\n", source(ChatSource.Learn.ANSWERS, DocumentPacking.NONE, 99, false, false)))
                .as(line)
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a.jsonl")
                .hasMessageContaining(message);
    }
}

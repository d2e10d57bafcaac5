package dev.jumbo.text.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import dev.jumbo.text.ByteTokens;
import dev.jumbo.text.Tokenizer;
import dev.jumbo.text.corpus.CorpusRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatTemplateTest {
    private static final Chat CHAT = Chat.of(List.of(
            Chat.message("system", "Be brief."),
            Chat.message("user", "1+1?"),
            Chat.message("assistant", "2"),
            Chat.message("user", "and 2+2?"),
            Chat.message("assistant", "4\u00e4")));

    @TempDir
    Path temp;

    private static List<String> answers(String template, Chat chat) {
        ChatTemplate.Answered answered =
                ChatTemplate.of(template, "<s>", "</s>").answered(chat);
        List<String> answers = new ArrayList<>();
        answered.answers().forEach(span -> answers.add(answered.text().substring(span.from(), span.to())));
        return answers;
    }

    @Test
    void an_answer_begins_behind_what_a_prompt_ends_with_and_ends_with_its_mark() {
        assertThat(ChatTemplate.of(ChatTemplates.CHATML, "", "").prompt(CHAT))
                .isEqualTo("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\n1+1?<|im_end|>\n"
                        + "<|im_start|>assistant\n2<|im_end|>\n<|im_start|>user\nand 2+2?<|im_end|>\n"
                        + "<|im_start|>assistant\n4\u00e4<|im_end|>\n<|im_start|>assistant\n");
        assertThat(answers(ChatTemplates.CHATML, CHAT)).containsExactly("2<|im_end|>", "4\u00e4<|im_end|>");
        assertThat(answers(ChatTemplates.PLAIN, CHAT)).containsExactly(" 2\n", " 4\u00e4\n");
    }

    @Test
    void templates_without_words_before_an_answer_and_with_marks_of_their_own_are_understood() {
        assertThat(answers(
                        "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}[INST] {{ m.content }} [/INST]"
                                + "{% elif m.role == 'assistant' %}{{ ' ' + m.content + eos_token }}{% endif %}{% endfor %}",
                        CHAT))
                .containsExactly(" 2</s>", " 4\u00e4</s>");
        assertThat(answers(
                        "{% for m in messages %}{% if m.role == 'assistant' %}A:{% generation %}{{ m.content }}!"
                                + "{% endgeneration %}{% else %}{{ m.content }}{% endif %}{% endfor %}",
                        CHAT))
                .containsExactly("2!", "4\u00e4!");
    }

    @Test
    void an_answer_ends_with_what_the_template_writes_behind_one() {
        assertThat(ChatTemplate.of(ChatTemplates.CHATML, "", "").answerEnd(true))
                .isEqualTo("<|im_end|>");
        assertThat(ChatTemplate.of(ChatTemplates.CHATML, "", "").answerEnd(false))
                .isEqualTo("<|im_end|>");
        assertThat(ChatTemplate.of(ChatTemplates.PLAIN, "", "").answerEnd(true)).isEqualTo("\n");
        assertThat(ChatTemplate.of(ChatTemplates.PLAIN, "", "").answerEnd(false))
                .isEqualTo("\nUser:");
        String llama = "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}[INST] {{ m.content }} [/INST]"
                + "{% else %}{{ ' ' + m.content + ' ' + eos_token }}{% endif %}{% endfor %}";
        assertThat(ChatTemplate.of(llama, "<s>", "</s>").answerEnd(true)).isEqualTo("</s>");
        assertThat(ChatTemplate.of("{{ raise_exception('none') }}", "", "").answerEnd(true))
                .isEmpty();
    }

    @Test
    void a_template_that_does_not_show_its_answers_is_refused() {
        assertThatThrownBy(() -> answers("{{ messages | map(attribute='content') | join(' ') }}", CHAT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("put {% generation %} and {% endgeneration %} around");
    }

    @Test
    void ids_of_answers_are_those_of_their_characters() {
        try (Tokenizer bytes = new ByteTokens().open()) {
            ChatTemplate.Answered answered =
                    ChatTemplate.of(ChatTemplates.CHATML, "", "").answered(CHAT);
            LearnedIds ids = LearnedIds.of(bytes, answered.text(), answered.answers());
            int[] learned = new int[ids.ids().length];
            int count = 0;
            for (int i = 0; i < learned.length; i++) {
                if (ids.learned()[i]) {
                    learned[count++] = ids.ids()[i];
                }
            }
            assertThat(bytes.decode(Arrays.copyOf(learned, count))).isEqualTo("2<|im_end|>4\u00e4<|im_end|>");
        }
    }

    @Test
    void templates_are_found_by_name_by_text_in_files_and_beside_a_tokenizer() throws IOException {
        Path tokenizer = Files.writeString(temp.resolve("tokenizer.json"), "{}");
        assertThat(ChatTemplates.text("chatml", List.of())).isEqualTo(ChatTemplates.CHATML);
        assertThat(ChatTemplates.text("{{ 1 }}", List.of())).isEqualTo("{{ 1 }}");
        assertThatThrownBy(() -> ChatTemplates.text(null, List.of(tokenizer)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("found none beside the tokenizer");
        Files.writeString(
                temp.resolve("tokenizer_config.json"),
                "{\"chat_template\": \"{{ 2 }}\", \"bos_token\": {\"content\": \"<b>\"}, \"eos_token\": \"<e>\"}");
        assertThat(ChatTemplates.text(null, List.of(tokenizer))).isEqualTo("{{ 2 }}");
        assertThat(ChatTemplates.token("bos_token", List.of(tokenizer))).isEqualTo("<b>");
        assertThat(ChatTemplates.token("eos_token", List.of(tokenizer))).isEqualTo("<e>");
        Path file = Files.writeString(temp.resolve("chat_template.jinja"), "{{ 3 }}");
        assertThat(ChatTemplates.text(null, List.of(tokenizer))).isEqualTo("{{ 3 }}");
        assertThat(ChatTemplates.text(file.toString(), List.of())).isEqualTo("{{ 3 }}");
        assertThatThrownBy(() -> ChatTemplates.text("nowhere", List.of()))
                .hasMessageContaining("found no file at nowhere");
    }

    private static CorpusRecord record(String json) throws IOException {
        return new CorpusRecord(new ObjectMapper().readTree(json), "a.jsonl, line 1");
    }

    @Test
    void what_a_column_has_as_json_is_the_list_that_it_holds() throws IOException {
        // trl's sft_trainer: json.loads(tools) if isinstance(tools, str) else tools
        ChatTemplate template =
                ChatTemplate.of("{% for t in tools %}[{{ t | tojson }}]{% endfor %}{{ messages[0].content }}", "", "");
        String messages = "[{\"role\": \"user\", \"content\": \"hi\"}]";
        String tools = "[{\"name\": \"f\", \"d\": 1}]";
        String asText = new ObjectMapper().writeValueAsString(tools);
        String messagesAsText = new ObjectMapper().writeValueAsString(messages);
        assertThat(template.text(Chat.of(record("{\"tools\": " + asText + ", \"messages\": " + messagesAsText + "}"))))
                .isEqualTo(template.text(Chat.of(record("{\"tools\": " + tools + ", \"messages\": " + messages + "}"))))
                .isEqualTo("[{\"name\": \"f\", \"d\": 1}]hi");
        assertThat(Chat.of(record("{\"tools\": \"null\", \"messages\": " + messages + "}"))
                        .more())
                .isEmpty();
        for (String wrong : List.of("\"f\"", "\"\"", "\"{\\\"name\\\": 1}\"", "{\"name\": 1}", "7")) {
            assertThatThrownBy(() -> Chat.of(record("{\"tools\": " + wrong + ", \"messages\": " + messages + "}")))
                    .as(wrong)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("a.jsonl, line 1: expected a list, or the JSON of one, in \"tools\"");
        }
        assertThatThrownBy(() -> Chat.of(record("{\"messages\": \"hi\"}")))
                .hasMessageContaining("expected a list of one message or more in \"messages\", received \"hi\"");
    }

    @Test
    void arguments_of_a_call_are_an_object_for_templates_that_do_not_ask_whether_they_are_a_text() throws IOException {
        String chat = "{\"messages\": [{\"role\": \"assistant\", \"tool_calls\": [{\"type\": \"function\","
                + " \"function\": {\"name\": \"f\", \"arguments\": %s}}]}]}";
        Chat text = Chat.of(record(chat.formatted("\"{\\\"a\\\":1}\"")));
        Chat object = Chat.of(record(chat.formatted("{\"a\": 1}")));
        // Qwen2.5's way, and Qwen3's.
        String writes = "{% set call = messages[0].tool_calls[0].function %}{{ call.arguments | tojson }}";
        String asks = "{% set call = messages[0].tool_calls[0].function %}"
                + "{% if call.arguments is string %}{{ call.arguments }}{% else %}{{ call.arguments | tojson }}{% endif %}";
        assertThat(ChatTemplate.of(writes, "", "").text(text))
                .isEqualTo(ChatTemplate.of(writes, "", "").text(object))
                .isEqualTo("{\"a\": 1}");
        assertThat(ChatTemplate.of(asks, "", "").text(text)).isEqualTo("{\"a\":1}");
        Chat none = Chat.of(record(chat.formatted("\"a = 1\"")));
        assertThatThrownBy(() -> ChatTemplate.of(writes, "", "").text(none))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "expected an object, or the JSON of one, as arguments in tool_calls, received \"a = 1\"");
    }

    @Test
    void tools_reach_the_template() {
        Chat chat = new Chat(CHAT.messages(), Map.of("tools", List.of(Map.of("name", "x"))));
        assertThat(ChatTemplate.of("{{ tools | tojson }}", "", "").text(chat)).isEqualTo("[{\"name\": \"x\"}]");
    }
}

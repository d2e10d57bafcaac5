package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.models.language.HuggingFace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** jumbo import, generate and chat, on a small random GPT-2 in a GGUF file. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GenerateVerbTest {
    private static final String FILES = "../models/src/test/resources/";

    private String run;

    @BeforeAll
    void imported(@TempDir Path directory) {
        run = directory.resolve("run").toString();
        Command made = Command.run("import", FILES + "gguf/gpt2.gguf", "--out", run);
        assertThat(made.out()).contains("GGUF 3 (gpt2)").contains("in 28 tensors, sequences of up to 32 tokens");
        assertThat(made.status()).isZero();
        assertThat(made.err()).isEmpty();
    }

    private static Command on(String input, String... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return Command.run(arguments);
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void the_text_alone_goes_to_stdout_whole_or_in_pieces() throws IOException {
        Command whole = Command.run("generate", run, "--prompt", "The ship", "--max-new-tokens", "9");
        assertThat(whole.status()).as(whole.err()).isZero();
        Command streamed = Command.run("generate", run, "--prompt", "The ship", "--max-new-tokens", "9", "--stream");
        assertThat(streamed.out()).isEqualTo(whole.out());
        Command echoed = Command.run("generate", run, "--prompt", "The ship", "--max-new-tokens", "9", "--echo");
        assertThat(echoed.out()).isEqualTo("The ship" + whole.out());
        Command json = Command.run(
                "generate", run, "--prompt", "The ship", "--max-new-tokens", "9", "--json", "--logprobs", "2");
        JsonNode answer = new ObjectMapper().readTree(json.out());
        assertThat(answer.path("text").textValue() + System.lineSeparator()).isEqualTo(whole.out());
        assertThat(answer.path("finish_reason").textValue()).isEqualTo("length");
        assertThat(answer.path("new_tokens").intValue()).isEqualTo(9);
        assertThat(answer.path("logprobs")).hasSize(9);
        assertThat(answer.path("logprobs").get(0).path("top")).hasSize(2);
        assertThat(answer.path("logprobs").get(0).path("logprob").doubleValue()).isNegative();
    }

    @Test
    void several_prompts_are_answered_in_their_order_as_each_alone() {
        Command both = Command.run(
                "generate",
                run,
                "--prompt",
                "The ship",
                "--prompt",
                "It's late",
                "--json",
                "--temperature",
                "1",
                "--seed",
                "4",
                "--max-new-tokens",
                "6");
        Command second = Command.run(
                "generate",
                run,
                "--prompt",
                "It's late",
                "--json",
                "--temperature",
                "1",
                "--seed",
                "4",
                "--max-new-tokens",
                "6");
        assertThat(both.out().lines()).hasSize(2);
        assertThat(both.out()).endsWith(second.out());
    }

    @Test
    void what_cannot_be_is_said_in_one_line_with_status_2() {
        Command longer = Command.run("generate", run, "--prompt", "The ship ".repeat(50));
        assertThat(longer.status()).isEqualTo(2);
        assertThat(longer.err()).hasLineCount(1).contains("at most 32 tokens, the model's context");
        Command filtered = Command.run("generate", run, "--prompt", "a", "--top-k", "5");
        assertThat(filtered.status()).isEqualTo(2);
        assertThat(filtered.err()).contains("--temperature above 0 beside --top-k");
        Command twice = Command.run("import", FILES + "gguf/gpt2.gguf", "--out", run);
        assertThat(twice.status()).isEqualTo(2);
        assertThat(twice.err()).contains("a directory without a run");
        Command none = Command.run("import", FILES + "gguf/gpt2.json", "--out", run + "-none");
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("expected a model of llama2.c");
        assertThat(Path.of(run + "-none")).doesNotExist();
    }

    @Test
    void a_full_context_ends_the_text_with_a_word_about_it_or_rolls() {
        Command ended = Command.run("generate", run, "--prompt", "The ship", "--max-new-tokens", "60");
        assertThat(ended.status()).isZero();
        assertThat(ended.err()).contains("as the model's context of 32 is full; --at-context-end roll");
        Command rolled = Command.run(
                "generate",
                run,
                "--prompt",
                "The ship",
                "--max-new-tokens",
                "60",
                "--at-context-end",
                "roll",
                "--json");
        assertThat(rolled.out()).contains("\"new_tokens\":60");
        assertThat(rolled.err()).isEmpty();
    }

    @Test
    void a_conversation_answers_each_line_and_ends_with_its_input() {
        Command chat = on("Hello\n\n/reset\nAnd you?\n/exit\nnot read\n", "chat", run, "--max-new-tokens", "4");
        assertThat(chat.status()).as(chat.err()).isZero();
        assertThat(chat.out().lines().count()).isGreaterThanOrEqualTo(2);
        assertThat(chat.err()).contains("no template of its own");
    }

    @Test
    void a_model_that_learned_chats_converses_in_their_template(@TempDir Path directory) throws IOException {
        Path chats = Files.writeString(directory.resolve("chats.jsonl"), """
                {"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes."}]}
                """.repeat(8));
        Path yaml = Files.writeString(directory.resolve("chat.yaml"), """
                data: {dataset: {chats: {train: [%s], tokenizer: bytes, template: plain, context: 32}}}
                model: {name: {gpt2: {vocabulary: 257, context: 32, width: 32, layers: 1, heads: 2, dropout: 0.0}}}
                train: {epochs: 60, batch_size: 8, optimizer: {adamw: {learning_rate: 0.01}}}
                """.formatted(chats));
        String trained = directory.resolve("trained").toString();
        Command train = Command.run("train", yaml.toString(), "--out", trained);
        assertThat(train.status()).as(train.err()).isZero();
        Command chat = on("Hi\n", "chat", trained, "--max-new-tokens", "12");
        assertThat(chat.status()).as(chat.err()).isZero();
        assertThat(chat.out()).isEqualTo("Yes." + System.lineSeparator());
        assertThat(chat.err()).doesNotContain("no template of its own");
    }

    @Test
    void a_run_of_a_file_is_planned_and_exported_as_one_of_a_directory(@TempDir Path directory) {
        assertThat(Command.run("plan", run, "--device", "H100").status()).isZero();
        String out = directory.resolve("hf").toString();
        Command exported = Command.run("export", run, "--format", "hf", "--out", out);
        assertThat(exported.status()).as(exported.err()).isZero();
        assertThat(HuggingFace.read(Path.of(out)).model().maxPositionEmbeddings())
                .isEqualTo(32);
    }

    @Test
    void a_model_of_another_kind_is_refused(@TempDir Path other) throws IOException {
        Files.createDirectories(other.resolve("empty"));
        Command none = Command.run("generate", other.resolve("empty").toString(), "--prompt", "a");
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err()).contains("expected a run with checkpoints");
    }
}

package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.text.train.TokenizerTrainer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Chats and pairs of answers from the file to a conversation, by a tiny model and a tokenizer with marks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatTrainingTest {
    @TempDir
    static Path dir;

    private String run;

    @BeforeAll
    void trained() throws IOException {
        List<String> special = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");
        TokenizerTrainer trainer = TokenizerTrainer.bpe(265).specialTokens(special);
        trainer.train(List.of("who are you", "I am Ann")).save(dir.resolve("tokenizer"));
        trainer.train(List.of("something else again", "else some")).save(dir.resolve("other"));
        String chat = "{\"messages\": [{\"role\": \"user\", \"content\": \"who are you\"},"
                + " {\"role\": \"assistant\", \"content\": \"I am Ann\"}]}\n";
        Files.writeString(dir.resolve("chats.jsonl"), chat.repeat(8));
        String pair =
                "{\"prompt\": [{\"role\": \"user\", \"content\": \"who are you\"}], \"chosen\": [{\"role\": \"assistant\","
                        + " \"content\": \"I am Ann\"}], \"rejected\": [{\"role\": \"assistant\", \"content\": \"nobody\"}]}\n";
        Files.writeString(dir.resolve("pairs.jsonl"), pair.repeat(4));
        run = dir.resolve("run").toString();
        Command command = Command.run(
                "run",
                config(
                        "chats",
                        "chats",
                        "objective: {causal_lm: {}}, epochs: 12, learning_rate: 1.0e-2, samples: {every_steps: 8,"
                                + " prompt: who, generation: {max_new_tokens: 4}}"),
                "--out",
                run);
        assertThat(command.status()).as(command.err()).isZero();
        assertThat(command.err()).contains("perplexity");
    }

    /** A file of settings. @param data the kind of dataset, of a file of that name */
    private static String config(String name, String data, String train) throws IOException {
        String file = data.equals("chats") ? "chats.jsonl" : "pairs.jsonl";
        String source = "{train: [%1$s], validation: [%1$s], test: [%1$s], template: chatml, context: 64, tokenizer:"
                + " {pretrained: {path: '%2$s'}}}";
        String yaml = "data: {dir: '" + dir + "', dataset: {" + data + ": "
                + source.formatted(file, dir.resolve("tokenizer")) + "}}\n"
                + "model: {name: {gpt2: {vocabulary: 265, context: 64, width: 32, layers: 1, heads: 2, dropout: 0.0}}}\n"
                + "train: {" + train + ", optimizer: {adamw: {}}, batch_size: 8, seed: 3"
                + (data.equals("chats") ? ", metrics: [perplexity]" : "") + "}\n";
        return Files.writeString(dir.resolve(name + ".yaml"), yaml).toString();
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
    void a_conversation_is_written_by_the_template_that_was_learned_and_ends_with_its_mark() {
        Command chat = on("who are you\n", "chat", run, "--max-new-tokens", "30");
        assertThat(chat.status()).as(chat.err()).isZero();
        assertThat(chat.out().strip()).isEqualTo("I am Ann");
        assertThat(chat.err()).doesNotContain("no template");
        Command text = Command.run("generate", run, "--prompt", "who", "--max-new-tokens", "3", "--json");
        assertThat(text.status()).as(text.err()).isZero();
        assertThat(text.out()).contains("\"new_tokens\":3");
    }

    @Test
    void evaluate_and_resume_refuse_another_tokenizer_and_another_template() {
        String path = "data.dataset.chats.tokenizer.pretrained.path=";
        List<String> all = List.of("evaluate", run, "--json", "--resamples", "0");
        assertThat(Command.run(all.toArray(new String[0])).status()).isZero();
        assertThat(with(all, "data.dataset.chats.context=32").status()).isZero();
        for (String other : List.of(path + dir.resolve("other"), "data.dataset.chats.template=plain")) {
            Command refused = with(all, other);
            assertThat(refused.status()).isEqualTo(2);
            assertThat(refused.err()).hasLineCount(1).contains("expected examples made by the chat of the checkpoint");
            Command resumed = with(
                    List.of("train", dir.resolve("chats.yaml").toString(), "--out", run, "--resume"),
                    other,
                    "train.epochs=13");
            assertThat(resumed.status()).as(resumed.err()).isEqualTo(2);
            assertThat(resumed.err()).hasLineCount(1);
        }
    }

    private static Command with(List<String> arguments, String... settings) {
        List<String> all = new ArrayList<>(arguments);
        for (String each : settings) {
            all.addAll(List.of("--set", each));
        }
        return Command.run(all.toArray(new String[0]));
    }

    @Test
    void pairs_of_answers_go_on_from_what_chats_taught_and_keep_the_template() throws IOException {
        String dpo = dir.resolve("dpo").toString();
        String settings = "init_from: '" + run + "', objective: {dpo: {beta: 0.1}}, epochs: 3, learning_rate: 1.0e-3";
        Command tuned = Command.run("train", config("pairs", "preferences", settings), "--out", dpo, "--json");
        assertThat(tuned.status()).as(tuned.err()).isZero();
        assertThat(tuned.err()).contains("rewards/margins");
        Command more = with(
                List.of("train", dir.resolve("pairs.yaml").toString(), "--out", dpo, "--resume"), "train.epochs=4");
        assertThat(more.status()).as(more.err()).isZero();
        assertThat(Command.run("evaluate", dpo).out()).contains("loss");
        assertThat(on("who are you\n", "chat", dpo, "--max-new-tokens", "30").err())
                .doesNotContain("no template");
        Command other = with(
                List.of("train", dir.resolve("pairs.yaml").toString(), "--out", dpo + "-other"),
                "train.init_preprocessing=keep",
                "data.dataset.preferences.tokenizer.pretrained.path=" + dir.resolve("other"));
        assertThat(other.status()).isEqualTo(2);
        assertThat(other.err()).contains("made by another chat, or by other files of it");
    }
}

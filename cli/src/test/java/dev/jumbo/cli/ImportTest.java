package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.models.generate.TextGenerator;
import dev.jumbo.models.language.HuggingFace;
import dev.jumbo.text.chat.Chat;
import dev.jumbo.text.chat.ChatTemplate;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hugging Face directories by the command: in, used as any run, and out again. */
class ImportTest {
    private static final Path FIXTURES = Path.of("../models/src/test/resources/decoders");

    @TempDir
    Path dir;

    private Path directory(String name) throws IOException {
        Path copy = Files.createDirectories(dir.resolve(name));
        try (Stream<Path> files = Files.list(FIXTURES.resolve(name))) {
            for (Path file : files.toList()) {
                Files.copy(file, copy.resolve(file.getFileName().toString()));
            }
        }
        Files.delete(copy.resolve("expected.safetensors"));
        Files.writeString(copy.resolve("tokenizer_config.json"), "{\"model_max_length\": 16}");
        return copy;
    }

    private static String done(String... arguments) {
        Command command = Command.run(arguments);
        assertThat(command.status()).as(command.err()).isZero();
        return command.out();
    }

    private String run(String name, String directory) {
        String run = dir.resolve(name).toString();
        done("import", directory, "--out", run);
        return run;
    }

    @Test
    void an_imported_directory_is_summed_up_planned_predicted_measured_and_exported() throws IOException {
        Path llama = directory("llama");
        String run = dir.resolve("run").toString();
        JsonNode said = new ObjectMapper().readTree(done("import", llama.toString(), "--out", run, "--json"));
        assertThat(said.path("parameters").asLong()).isEqualTo(6096);
        assertThat(said.path("files").toString()).contains("tokenizer_config.json", "generation_config.json");
        assertThat(done("summary", run)).contains("model.layers.1").contains("Parameters:  6,096");
        assertThat(done("summary", llama.toString())).contains("Parameters:  6,096");
        assertThat(done("plan", run, "--device", "H100", "--json")).contains("6096");
        assertThat(done("predict", run, "{\"tokens\": [1, 2, 3]}", "--json")).contains("input");
        Path file = new Npz()
                .with("tokens", new long[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 4)
                .with("next", new long[] {2, 3, 4, 5, 6, 7, 8, 9}, 2, 4)
                .write(dir.resolve("rows.npz"));
        assertThat(done("evaluate", run, file.toString(), "--json")).contains("loss");
        String out = dir.resolve("out").toString();
        assertThat(done("export", run, "--format", "hf", "--out", out, "--dtype", "bfloat16"))
                .contains("model.safetensors");
        assertThat(Files.mismatch(
                        llama.resolve("tokenizer_config.json"), Path.of(out).resolve("tokenizer_config.json")))
                .isEqualTo(-1);
        assertThat(HuggingFace.read(Path.of(out)).model()).isEqualTo(HuggingFace.model(llama));
    }

    @Test
    void a_training_begins_from_a_directory_or_its_import_and_takes_its_files_along() throws IOException {
        Path gpt2 = directory("gpt2");
        String run = run("run", gpt2.toString());
        Path text = Files.writeString(dir.resolve("text.txt"), "abcdefghijklmnopqrst".repeat(50));
        Path yaml = Files.writeString(dir.resolve("tune.yaml"), """
                data: {dataset: {characters: {file: %s, context: 8, validation_share: 0.2}}}
                model: {name: {gpt2: {vocabulary: 20, context: 16, width: 16, layers: 2, heads: 4}}}
                train: {steps_per_epoch: 2, epochs: 1, batch_size: 4}
                """.formatted(text));
        for (String from : new String[] {run, gpt2.toString()}) {
            String tuned = dir.resolve("tuned-" + Path.of(from).getFileName()).toString();
            done("train", yaml.toString(), "--out", tuned, "--set", "train.init_from=" + from);
            Checkpoint checkpoint = Checkpoint.best(Path.of(tuned));
            assertThat(checkpoint.manifest().origin()).isNotNull();
            assertThat(checkpoint.description().files()).containsKeys("config.json", "tokenizer_config.json");
            String out = tuned + "-hf";
            done("export", tuned, "--format", "hf", "--out", out);
            JsonNode config =
                    new ObjectMapper().readTree(Path.of(out, "config.json").toFile());
            assertThat(config.path("model_type").asText()).isEqualTo("gpt2");
            assertThat(config.path("eos_token_id").asInt()).isEqualTo(2);
            assertThat(Path.of(out, "tokenizer_config.json")).exists();
        }
        String tuned = dir.resolve("tuned-run").toString();
        done(
                "train",
                yaml.toString(),
                "--out",
                tuned,
                "--resume",
                "--set",
                "train.init_from=" + run,
                "--set",
                "train.epochs=2");
        assertThat(Checkpoint.latest(Path.of(tuned)).description().files()).containsKey("tokenizer_config.json");
    }

    /** Byte-pair encoding of the letters from A on, and an end. */
    private static String tokenizer(int tokens, String model) {
        ObjectNode vocabulary = new ObjectMapper().createObjectNode();
        for (int i = 0; i < tokens - 1; i++) {
            vocabulary.put(Character.toString('A' + i), i);
        }
        return """
                {"version": "1.0", "added_tokens": [{"id": %d, "content": "</s>", "single_word": false, "lstrip": false,
                "rstrip": false, "normalized": false, "special": true}], "model": {"type": "%s", "vocab": %s, "merges": []}}
                """.formatted(tokens - 1, model, vocabulary);
    }

    @Test
    void a_tokenizer_of_more_tokens_than_the_model_or_of_an_unknown_kind_is_refused_at_import() throws IOException {
        Path llama = directory("llama");
        Path file = llama.resolve("tokenizer.json");
        String run = dir.resolve("run").toString();
        Files.writeString(file, tokenizer(21, "BPE"));
        Command larger = Command.run("import", llama.toString(), "--out", run);
        assertThat(larger.status()).isEqualTo(2);
        assertThat(larger.err())
                .contains("the tokenizer has 21 tokens and the model only 20")
                .contains(llama.toString());
        Files.writeString(file, tokenizer(20, "Nonsense"));
        Command unknown = Command.run("import", llama.toString(), "--out", run);
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).contains("tokenizer").doesNotContain("\tat ");
        assertThat(Path.of(run)).doesNotExist();
        Files.writeString(file, tokenizer(20, "BPE"));
        done("import", llama.toString(), "--out", run);
        assertThat(done("generate", run, "--prompt", "ABC", "--max-new-tokens", "2"))
                .isNotEmpty();
    }

    @Test
    void a_conversation_is_written_in_the_chat_template_of_the_directory() throws IOException {
        Path llama = directory("llama");
        Files.writeString(llama.resolve("tokenizer.json"), tokenizer(20, "BPE"));
        Files.writeString(llama.resolve("tokenizer_config.json"), """
                {"eos_token": "</s>", "bos_token": "</s>", "chat_template": "{{ bos_token }}{% for m in messages %}{{ m.role[0] | upper }}{{ m.content }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}A{% endif %}"}
                """);
        String run = run("run", llama.toString());
        try (TextGenerator model = TextGenerator.open(Checkpoint.best(Path.of(run)))) {
            ChatTemplate template = model.template().orElseThrow();
            Chat chat = Chat.of(List.of(Chat.message("assistant", "BC")));
            assertThat(model.tokens(chat, template)).containsExactly(19, 0, 1, 2, 19, 0);
            assertThat(template.answerEnd(true)).isEqualTo("</s>");
        }
    }

    @Test
    void mistakes_are_named_and_leave_nothing_behind() throws IOException {
        Path llama = directory("llama");
        String run = run("run", llama.toString());
        Command twice = Command.run("import", llama.toString(), "--out", run);
        assertThat(twice.status()).isEqualTo(2);
        assertThat(twice.err()).contains("expected a directory without a run");
        Command nowhere = Command.run("export", run, "--format", "hf");
        assertThat(nowhere.status()).isEqualTo(2);
        assertThat(nowhere.err()).contains("expected --out DIR");
        Command neither = Command.run("export", run);
        assertThat(neither.status()).isEqualTo(2);
        assertThat(neither.err()).contains("--onnx FILE").contains("--format hf");
        Command size = Command.run("export", run, "--format", "hf", "--out", dir + "/x", "--max-shard-size", "many");
        assertThat(size.status()).isEqualTo(2);
        assertThat(size.err()).contains("as in 500MB");
        Command measured = Command.run("evaluate", run);
        assertThat(measured.status()).isEqualTo(2);
        assertThat(measured.err()).contains("the model of this run was imported");
        Files.writeString(llama.resolve("config.json"), "{\"model_type\": \"gemma9\"}");
        Command unknown = Command.run("import", llama.toString(), "--out", dir + "/y");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err()).contains("expected a model_type of").doesNotContain("\tat ");
        assertThat(dir.resolve("x")).doesNotExist();
        assertThat(dir.resolve("y")).doesNotExist();
    }
}

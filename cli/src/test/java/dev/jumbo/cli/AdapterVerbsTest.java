package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of an adapter from preference pairs to a merged run, by commands alone. */
class AdapterVerbsTest {
    private static final String MODEL = "{name: {llama: {vocab_size: 257, max_position_embeddings: 32, hidden_size: 16,"
            + " num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 32}}}";

    @TempDir
    Path dir;

    private static String done(String... args) {
        Command command = Command.run(args);
        assertThat(command.status()).as(command.err()).isZero();
        return command.out();
    }

    private static String refused(String... args) {
        Command command = Command.run(args);
        assertThat(command.status()).as(command.out()).isNotZero();
        return command.err();
    }

    private String path(String name) {
        return dir.resolve(name).toString();
    }

    @Test
    void an_adapter_learns_preferences_answers_merges_and_is_never_shipped_without_its_base() throws IOException {
        Files.writeString(dir.resolve("text.txt"), "a good answer and a bad one\n".repeat(40));
        List<String> pairs = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            pairs.add("{\"prompt\": \"Q" + i + ":\", \"chosen\": \" good " + i + "\", \"rejected\": \" bad\"}");
        }
        Files.write(dir.resolve("pairs.jsonl"), pairs);
        Path base = Files.writeString(dir.resolve("base.yaml"), """
                data:
                  dir: %s
                  dataset: {text: {train: [text.txt], tokenizer: {bytes: {}}, context: 16, documents: line}}
                model: %s
                train:
                  objective: causal_lm
                  batch_size: 16
                  max_steps: 5
                  seed: 1
                  samples: {every_steps: 5, prompt: "a ", generation: {max_new_tokens: 4}}
                """.formatted(dir, MODEL));
        done("train", base.toString(), "--out", path("base"));
        assertThat(dir.resolve("base/samples.jsonl")).isNotEmptyFile();
        Path dpo = Files.writeString(dir.resolve("dpo.yaml"), """
                data:
                  dir: %s
                  dataset: {preferences: {train: [pairs.jsonl], validation: [pairs.jsonl], tokenizer: {bytes: {}}, context: 32}}
                model: %s
                train:
                  objective: {dpo: {beta: 0.5}}
                  init_from: %s
                  adapter: {lora: {r: 2}}
                  learning_rate: 0.01
                  batch_size: 8
                  epochs: 3
                  seed: 1
                evaluate: {split: validation}
                """.formatted(dir, MODEL, path("base")));
        assertThat(done("summary", dpo.toString())).contains("Frozen: ");
        assertThat(done("plan", dpo.toString())).contains("how long");
        done("train", dpo.toString(), "--out", path("tuned"));
        assertThat(done("evaluate", path("tuned"))).contains("rewards/accuracies", "rewards/margins");

        done("merge", path("tuned"), "--out", path("merged"));
        String prompt = "Q3:";
        String written = done("generate", path("tuned"), "--prompt", prompt, "--max-new-tokens", "4");
        assertThat(done("generate", path("merged"), "--prompt", prompt, "--max-new-tokens", "4"))
                .isEqualTo(written);
        List<Double> tuned = numbers(done("predict", path("tuned"), "--json", "[81, 51, 58]"));
        List<Double> merged = numbers(done("predict", path("merged"), "--json", "[81, 51, 58]"));
        assertThat(tuned).isNotEmpty().hasSameSizeAs(merged);
        for (int i = 0; i < tuned.size(); i++) {
            assertThat(merged.get(i)).isCloseTo(tuned.get(i), Offset.offset(1e-4));
        }

        done("export", path("tuned"), "--format", "peft", "--base-model", "some/base", "--out", path("peft"));
        assertThat(dir.resolve("peft/adapter_config.json")).content().contains("some/base");
        assertThat(refused("import", path("peft"), "--out", path("again"))).contains("--base RUN");
        done("import", path("peft"), "--base", path("base"), "--out", path("again"));
        assertThat(done("generate", path("again"), "--prompt", prompt, "--max-new-tokens", "4"))
                .isEqualTo(written);
        assertThat(dir.resolve("again/run.yaml")).content().contains("lora");

        assertThat(refused("package", path("tuned"), "--out", path("tuned.tar")))
                .contains("jumbo merge");
        assertThat(refused("export", path("tuned"), "--onnx", path("tuned.onnx")))
                .contains("jumbo merge");
        assertThat(refused("evaluate", path("merged"))).contains("take the one that it was merged from");
        done("export", path("merged"), "--format", "hf", "--out", path("hf"));
        Files.move(dir.resolve("base"), dir.resolve("elsewhere"));
        assertThat(refused("predict", path("tuned"), "[81, 51, 58]")).contains("the base of the adapter is not there");
        assertThat(refused("serve", path("tuned"), "--port", "0")).contains("the base of the adapter is not there");
        done("predict", path("merged"), "[81, 51, 58]");
    }

    @Test
    void an_adapter_beside_a_directory_keeps_the_files_of_its_model_through_merge_and_export() throws IOException {
        Files.writeString(dir.resolve("text.txt"), "a good answer and a bad one\n".repeat(20));
        Path base = Files.writeString(dir.resolve("base.yaml"), text("{max_steps: 2, batch_size: 4, seed: 1}"));
        done("train", base.toString(), "--out", path("base"));
        done("export", path("base"), "--format", "hf", "--out", path("hf"));
        Path hf = dir.resolve("hf");
        Files.writeString(hf.resolve("generation_config.json"), "{\"eos_token_id\": [7, 9]}");
        Files.writeString(hf.resolve("chat_template.jinja"), "{{ messages }}");
        JsonNode config = new ObjectMapper().readTree(hf.resolve("config.json").toFile());
        Files.writeString(
                hf.resolve("config.json"),
                ((ObjectNode) config).put("eos_token_id", 7).toString());
        Path lora = Files.writeString(
                dir.resolve("lora.yaml"),
                text("{max_steps: 2, batch_size: 4, seed: 1, init_from: " + hf + ", adapter: {lora: {r: 2}}}"));
        done("train", lora.toString(), "--out", path("lora"));
        done("merge", path("lora"), "--out", path("merged"));
        done("export", path("merged"), "--format", "hf", "--out", path("again"));
        assertThat(dir.resolve("again/chat_template.jinja")).hasSameTextualContentAs(hf.resolve("chat_template.jinja"));
        ObjectMapper json = new ObjectMapper();
        assertThat(json.readTree(dir.resolve("again/generation_config.json").toFile())
                        .path("eos_token_id"))
                .hasToString("[7,9]");
        assertThat(json.readTree(dir.resolve("again/config.json").toFile())
                        .path("eos_token_id")
                        .asInt())
                .isEqualTo(7);
        done("export", path("lora"), "--format", "peft", "--out", path("peft"));
        assertThat(json.readTree(dir.resolve("peft/adapter_config.json").toFile())
                        .path("task_type")
                        .asText())
                .isEqualTo("CAUSAL_LM");
    }

    private String text(String train) {
        return """
                data:
                  dir: %s
                  dataset: {text: {train: [text.txt], tokenizer: {bytes: {}}, context: 16, documents: line}}
                model: %s
                train: %s
                """.formatted(dir, MODEL, train);
    }

    @Test
    void ids_of_a_fixed_number_are_asked_as_a_list() throws IOException {
        Files.writeString(dir.resolve("text.txt"), "abcd".repeat(40));
        Path yaml = Files.writeString(dir.resolve("a.yaml"), """
                data: {dir: %s, dataset: {characters: {file: text.txt, context: 4, windows: all}}}
                model: {layers: [{embedding: {input_dim: 4, output_dim: 8}}, {dense: 4}]}
                train: {batch_size: 8, epochs: 1, seed: 1}
                """.formatted(dir));
        done("train", yaml.toString(), "--out", path("run"));
        assertThat(done("predict", path("run"), "[0, 1, 2, 3]")).isNotBlank();
        assertThat(refused("predict", path("run"), "[0, 1.5, 2, 3]")).contains("expected whole numbers");
    }

    /** All numbers of an answer. */
    private static List<Double> numbers(String json) throws IOException {
        List<Double> all = new ArrayList<>();
        add(new ObjectMapper().readTree(json), all);
        return Collections.unmodifiableList(all);
    }

    private static void add(JsonNode node, List<Double> into) {
        if (node.isNumber()) {
            into.add(node.asDouble());
        }
        node.forEach(child -> add(child, into));
    }
}

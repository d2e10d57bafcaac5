package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BERT's directories by the command: asked with texts, tuned to a task of one's own, and written again. */
class EncoderVerbsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path FIXTURES = Path.of("../models/src/test/resources/hf");
    private static final List<String> WORDS = List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "fine", "film", "bad", "dull", "the", "was", "##s",
            "is");

    @TempDir
    Path dir;

    private Path directory(String name) throws IOException {
        Path copy = Files.createDirectories(dir.resolve(name));
        for (String file : List.of("config.json", "model.safetensors")) {
            Files.copy(FIXTURES.resolve(name).resolve(file), copy.resolve(file));
        }
        List<String> words = new ArrayList<>(WORDS);
        for (int i = words.size(); i < 40; i++) {
            words.add("w" + i);
        }
        Files.write(copy.resolve("vocab.txt"), words);
        return copy;
    }

    private static Command done(String... arguments) {
        Command command = Command.run(arguments);
        assertThat(command.status()).as(command.err()).isZero();
        return command;
    }

    private static void rename(Path directory, String... labels) throws IOException {
        Path file = directory.resolve("config.json");
        ObjectNode config = (ObjectNode) JSON.readTree(file.toFile());
        ObjectNode names = config.putObject("id2label");
        for (int i = 0; i < labels.length; i++) {
            names.put(Integer.toString(i), labels[i]);
        }
        Files.writeString(file, JSON.writeValueAsString(config));
    }

    @Test
    void an_imported_classifier_answers_a_text_as_it_answers_the_ids_with_their_marks() throws IOException {
        Path directory = directory("bert_classes");
        rename(directory, "neg", "mid", "pos");
        String texts = dir.resolve("texts").toString();
        done("import", directory.toString(), "--out", texts);
        JsonNode text = JSON.readTree(done("predict", texts, "{\"text\": \"The film's fine\"}", "--json")
                .out());
        Files.delete(directory.resolve("vocab.txt"));
        String ids = dir.resolve("ids").toString();
        done("import", directory.toString(), "--out", ids);
        JsonNode plain = JSON.readTree(
                done("predict", ids, "[2, 10, 7, 1, 1, 6, 3]", "--json").out());
        assertThat(text.path("probabilities")).isEqualTo(plain.path("probabilities"));
        assertThat(text.path("probabilities").size()).isEqualTo(3);
        assertThat(text.path("label").asText()).isIn("neg", "mid", "pos");
        assertThat(done("plan", texts, "--json").out()).contains("5267");
    }

    @Test
    void a_classifier_is_tuned_from_a_masked_model_whose_head_is_passed_over_and_the_new_one_drawn_and_said()
            throws IOException {
        Path directory = directory("bert_mlm");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            boolean good = i % 2 == 0;
            lines.add("{\"text\": \"the film was " + (good ? "fine" : "dull") + "\", \"label\": \""
                    + (good ? "positive" : "negative") + "\"}");
        }
        Path data = Files.write(dir.resolve("train.jsonl"), lines);
        Path yaml = Files.writeString(dir.resolve("tune.yaml"), """
                data:
                  dataset:
                    records:
                      train: {json_lines: {path: '%s'}}
                      inputs:
                        text:
                          tokenizer:
                            tokenizer: {pretrained: {path: '%s'}}
                            add_special_tokens: true
                            max_length: 16
                      target: label
                model: {name: {from_config: {path: '%s', task: sequence_classification, num_labels: 2}}}
                train: {init_from: '%s', epochs: 12, batch_size: 8, learning_rate: 0.01, seed: 1}
                """.formatted(data, directory, directory, directory));
        String run = dir.resolve("run").toString();
        assertThat(done("plan", yaml.toString()).out()).contains("classifier");
        Command trained = done("train", yaml.toString(), "--out", run);
        JsonNode manifest = JSON.readTree(Checkpoint.latest(Path.of(run))
                .directory()
                .resolve("manifest.json")
                .toFile());
        assertThat(manifest.at("/origin/fresh").toString())
                .contains("\"bert.pooler.dense.weight\"", "\"classifier.weight\"")
                .doesNotContain("encoder", "embeddings");
        assertThat(trained.out()).contains("best checkpoint");
        assertThat(Files.readString(Path.of(run).resolve("run.yaml")))
                .contains("num_labels: 2")
                .doesNotContain("from_config");
        JsonNode answer = JSON.readTree(done("predict", run, "{\"text\": \"the film was dull\"}", "--json")
                .out());
        assertThat(answer.path("label").asText()).isEqualTo("negative");

        Path out = dir.resolve("out");
        done("export", run, "--format", "hf", "--out", out.toString());
        JsonNode config = JSON.readTree(out.resolve("config.json").toFile());
        assertThat(config.at("/architectures/0").asText()).isEqualTo("BertForSequenceClassification");
        assertThat(config.at("/id2label/0").asText()).isEqualTo("negative");
        assertThat(out.resolve("vocab.txt")).exists();
        String again = dir.resolve("again").toString();
        done("import", out.toString(), "--out", again);
        JsonNode same = JSON.readTree(done("predict", again, "{\"text\": \"the film was dull\"}", "--json")
                .out());
        assertThat(same.path("probability").asDouble())
                .isEqualTo(answer.path("probability").asDouble(), within(1e-5));

        // Of the body everything must be there.
        Path wider = Files.writeString(
                dir.resolve("wider.yaml"),
                Files.readString(yaml)
                        .replace(
                                "from_config: {path: '" + directory
                                        + "', task: sequence_classification, num_labels: 2}",
                                "bert: {vocab_size: 40, hidden_size: 16, num_hidden_layers: 3, num_attention_heads: 4, intermediate_size: 24,"
                                        + " max_position_embeddings: 20, task: sequence_classification}"));
        Command refused = Command.run(
                "train", wider.toString(), "--out", dir.resolve("no").toString());
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err())
                .contains("expected a tensor \"bert.encoder.layer.2.")
                .doesNotContain("\"classifier")
                .doesNotContain("\tat ");
    }

    @Test
    void words_are_learned_with_their_labels_and_answered_with_them() throws IOException {
        Path directory = directory("bert_tokens");
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            String adjective = List.of("fine", "bad", "dull").get(i % 3);
            lines.add("{\"tokens\": [\"The\", \"films\", \"was\", \"" + adjective
                    + "\"], \"labels\": [\"O\", \"B-NOUN\", \"O\", \"B-ADJ\"]}");
        }
        Path data = Files.write(dir.resolve("words.jsonl"), lines);
        Path yaml = Files.writeString(dir.resolve("words.yaml"), """
                data:
                  dataset:
                    tagged_words: {train: ['%s'], tokenizer: {pretrained: {path: '%s'}}, max_length: 16}
                model: {name: {from_config: {path: '%s', num_labels: 3}}}
                train: {init_from: '%s', init_missing: [classifier], epochs: 12, batch_size: 8, learning_rate: 0.01, seed: 1}
                """.formatted(data, directory, directory, directory));
        String run = dir.resolve("tags").toString();
        assertThat(done("plan", yaml.toString()).out()).contains("classifier");
        done("train", yaml.toString(), "--out", run);
        JsonNode answer = JSON.readTree(done("predict", run, "{\"text\": \"The films was dull.\"}", "--json")
                .out());
        JsonNode words = answer.path("words");
        assertThat(words.findValuesAsText("word")).containsExactly("The", "films", "was", "dull", ".");
        assertThat(words.findValuesAsText("label").subList(0, 4)).containsExactly("O", "B-NOUN", "O", "B-ADJ");
        assertThat(words.at("/3/start").asInt()).isEqualTo(14);
        assertThat(words.at("/3/end").asInt()).isEqualTo(18);
        assertThat(done("predict", run, "{\"text\": \"The films was dull\"}").out())
                .contains("The/O films/B-NOUN was/O dull/B-ADJ");
        Path out = dir.resolve("tagsout");
        done("export", run, "--format", "hf", "--out", out.toString());
        JsonNode config = JSON.readTree(out.resolve("config.json").toFile());
        assertThat(config.at("/architectures/0").asText()).isEqualTo("BertForTokenClassification");
        assertThat(config.path("id2label").toString()).isEqualTo("{\"0\":\"B-ADJ\",\"1\":\"B-NOUN\",\"2\":\"O\"}");
        String imported = dir.resolve("tagsagain").toString();
        done("import", out.toString(), "--out", imported);
        JsonNode again = JSON.readTree(done("predict", imported, "{\"text\": \"The films was dull.\"}", "--json")
                .out());
        assertThat(again.path("words").findValuesAsText("label")).isEqualTo(words.findValuesAsText("label"));

        Files.writeString(data, "{\"tokens\": [\"a\", \"b\"], \"labels\": [\"O\"]}\n");
        Command refused = Command.run(
                "train", yaml.toString(), "--out", dir.resolve("refused").toString());
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("words.jsonl").contains("2 words and 1 labels");
    }

    @Test
    void a_masked_model_answers_what_stands_in_the_place_of_each_mask_and_sentences_have_one_vector()
            throws IOException {
        String masked = dir.resolve("masked").toString();
        done("import", directory("bert_mlm").toString(), "--out", masked);
        JsonNode masks = JSON.readTree(done("predict", masked, "{\"text\": \"the [MASK] was [MASK]\"}", "--json")
                        .out())
                .path("masks");
        assertThat(masks.size()).isEqualTo(2);
        assertThat(masks.at("/0/start").asInt()).isEqualTo(4);
        assertThat(masks.at("/0/tokens").size()).isEqualTo(5);
        assertThat(masks.at("/0/tokens/0/probability").asDouble())
                .isGreaterThanOrEqualTo(masks.at("/0/tokens/1/probability").asDouble());
    }
}

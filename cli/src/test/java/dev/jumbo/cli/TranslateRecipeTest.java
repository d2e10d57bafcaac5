package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.models.generate.TextGenerator;
import dev.jumbo.nn.generate.Beams;
import dev.jumbo.nn.generate.GenerationConfig;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The recipe for translations on invented sentences, with a smaller network. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TranslateRecipeTest {
    private static final String SMALL = """
            model={layers: [{graph: {inputs: [source, decoder_tokens], outputs: [logits], nodes: [
            {name: encoder, inputs: [source], layer: {encoder: {layers: [
              {embedding: {input_dim: 60, output_dim: 32, embeddings_initializer: {random_normal: {stddev: 0.18}}}},
              {sinusoidal_positions: {scale: 5.6}}, {transformer_block: {heads: 4, units: 64}}, layer_norm]}}},
            {name: target, inputs: [decoder_tokens], layer: {sequential: [
              {tied_embedding: {input_dim: 60, output_dim: 32, of: encoder.layers.0.weight}}, {sinusoidal_positions: {scale: 5.6}}]}},
            {name: decoder, inputs: [target], sides: {memory: encoder}, layer: {transformer_decoder_block: {heads: 4, units: 64}}},
            {name: logits, inputs: [decoder], layer: {sequential: [layer_norm,
              {tied_dense: {units: 60, of: encoder.layers.0.weight}}]}}]}}]}""";

    private static final List<List<String>> WORDS = List.of(
            List.of("red", "rot"),
            List.of("old", "alt"),
            List.of("dog", "Hund"),
            List.of("cat", "Katze"),
            List.of("sees", "sieht"),
            List.of("hears", "hört"));

    private Path data;
    private Path run;

    /** An adjective, a noun, a verb; the translation has the adjective behind the noun. */
    private static List<List<String>> pairs(int count, long seed) {
        Random random = new Random(seed);
        List<List<String>> pairs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<String> adjective = WORDS.get(random.nextInt(2));
            List<String> noun = WORDS.get(2 + random.nextInt(2));
            List<String> verb = WORDS.get(4 + random.nextInt(2));
            List<String> object = WORDS.get(2 + random.nextInt(2));
            pairs.add(List.of(
                    String.join(" ", adjective.get(0), noun.get(0), verb.get(0), object.get(0)),
                    String.join(" ", noun.get(1), adjective.get(1), verb.get(1), object.get(1))));
        }
        return pairs;
    }

    private void write(String name, List<List<String>> pairs) throws IOException {
        Files.write(
                data.resolve(name + ".en.gz"), pairs.stream().map(p -> p.get(0)).toList());
        Files.write(
                data.resolve(name + ".de.gz"), pairs.stream().map(p -> p.get(1)).toList());
    }

    private List<String> settings() {
        List<String> arguments = new ArrayList<>();
        for (String set : List.of(
                "data.dir=" + data,
                "data.dataset.seq2seq.tokenizer.trained.vocab_size=40",
                SMALL,
                "train.tokens_per_batch=256",
                "train.learning_rate=0.01",
                "train.schedule=constant",
                "train.ema_decay=0.9",
                "train.epochs=16")) {
            arguments.addAll(List.of("--set", set));
        }
        return arguments;
    }

    @BeforeAll
    void trained(@TempDir Path temp) throws IOException {
        data = temp;
        run = temp.resolve("run");
        write("train", pairs(240, 1));
        write("val", pairs(12, 2));
        write("test_2016_flickr", pairs(12, 3));
        List<String> arguments =
                new ArrayList<>(List.of("train", "../examples/translate.yaml", "--out", run.toString()));
        arguments.addAll(settings());
        Command trained = Command.run(arguments.toArray(String[]::new));
        assertThat(trained.status()).as(trained.err()).isZero();
    }

    @Test
    void evaluate_and_predict_and_generate_and_java_say_the_same_translations() throws IOException {
        Command evaluated = Command.run("evaluate", run.toString(), "--json", "--resamples", "50");
        assertThat(evaluated.status()).as(evaluated.err()).isZero();
        JsonNode report = new ObjectMapper().readTree(evaluated.out());
        assertThat(report.path("bleu").asDouble()).isGreaterThan(90);
        assertThat(report.path("signatures").path("bleu").asText()).contains("case:mixed|eff:no|tok:13a|smooth:exp");
        assertThat(report.path("intervals").path("bleu").path("lower").asDouble())
                .isBetween(50.0, report.path("bleu").asDouble());
        assertThat(report.path("perplexity").asDouble()).isLessThan(3);
        List<String> said = Files.readAllLines(run.resolve("answers_test.txt"));

        Path sentences = data.resolve("test_2016_flickr.en.gz");
        Command predicted = Command.run("predict", run.toString(), sentences.toString());
        assertThat(predicted.status()).as(predicted.err()).isZero();
        assertThat(predicted.out().lines().toList()).isEqualTo(said);
        Command generated = Command.run(
                "generate",
                run.toString(),
                "--prompts",
                sentences.toString(),
                "--num-beams",
                "5",
                "--max-new-tokens",
                "120");
        assertThat(generated.out().lines().toList()).isEqualTo(said);
        try (TextGenerator model = TextGenerator.open(Checkpoint.best(run))) {
            assertThat(model.readsSources()).isTrue();
            for (int i = said.size() - 1; i >= 0; i--) {
                String source = Files.readAllLines(sentences).get(i);
                assertThat(model.generate(source, GenerationConfig.of(120, Beams.of(5)))
                                .text())
                        .isEqualTo(said.get(i));
            }
        }
    }

    private Command onInput(String input, String... arguments) {
        return onInput(input.getBytes(StandardCharsets.UTF_8), arguments);
    }

    private Command onInput(byte[] input, String... arguments) {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(input));
        try {
            return Command.run(arguments);
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void sentences_come_as_lines_or_json_and_a_blank_line_has_a_blank_answer() throws IOException {
        Command lines = onInput("old cat sees dog\n\nred dog hears cat\n", "predict", run.toString(), "-");
        assertThat(lines.status()).as(lines.err()).isZero();
        assertThat(lines.out())
                .isEqualTo("Katze alt sieht Hund\n\nHund rot hört Katze\n".replace("\n", System.lineSeparator()));
        Command json = Command.run("predict", run.toString(), "{\"source\": \"old cat sees dog\"}", "--json");
        JsonNode answer = new ObjectMapper().readTree(json.out());
        assertThat(answer.path("text").asText()).isEqualTo("Katze alt sieht Hund");
        assertThat(answer.path("finish_reason").asText()).isEqualTo("stop");
        Command streamed = Command.run("generate", run.toString(), "--prompt", "old cat sees dog", "--stream");
        assertThat(streamed.out()).isEqualTo("Katze alt sieht Hund" + System.lineSeparator());
    }

    @Test
    void standard_input_is_read_as_a_file_of_the_same_bytes_is() throws IOException {
        byte[] windows = "\ufeffold cat sees dog\r\n\r\nred dog hears cat".getBytes(StandardCharsets.UTF_8);
        Path file = Files.write(data.resolve("windows.txt"), windows);
        Command piped = onInput(windows, "predict", run.toString(), "-");
        assertThat(piped.out())
                .isEqualTo(
                        Command.run("predict", run.toString(), file.toString()).out())
                .hasLineCount(3);
        for (String[] arguments :
                new String[][] {{"predict", run.toString(), "-"}, {"generate", run.toString(), "--prompts", "-"}}) {
            Command other = onInput("cat\nh\u00f6rt\n".getBytes(StandardCharsets.ISO_8859_1), arguments);
            assertThat(other.status()).isEqualTo(2);
            assertThat(other.err()).contains("standard input, line 2: expected text in UTF-8, received the byte 0xf6");
        }
    }

    @Test
    void what_cannot_be_translated_is_refused_with_its_place_or_marked() throws IOException {
        String longer = "dog ".repeat(200).strip();
        Command refused = onInput("old cat sees dog\n" + longer + "\n", "predict", run.toString(), "-");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("-:2: expected a source of 1 to 128 tokens");
        Command marked = onInput(
                "old cat sees dog\n" + longer + "\n", "predict", run.toString(), "-", "--bad", "mark", "--json");
        assertThat(marked.status()).isZero();
        assertThat(marked.err()).contains("1 of 2 texts could not be answered");
        assertThat(Command.run("predict", run.toString(), "no-such-file").err())
                .contains("no-such-file: there is no such file; give one with a text in each line");
        assertThat(Command.run("predict", run.toString(), "[{\"src\": \"a\"}]").err())
                .contains("expected a text as \"source\", received the keys [src]");
        assertThat(Command.run("predict", run.toString(), "sentences.csv").err())
                .contains("sentences.csv: there is no such file");
        Path table = Files.write(data.resolve("sentences.csv"), List.of("source,note", "old cat sees dog,1"));
        Command rows = Command.run("predict", run.toString(), table.toString());
        assertThat(rows.status()).isEqualTo(2);
        assertThat(rows.out()).isEmpty();
        assertThat(rows.err()).contains("received the name of a table");
        assertThat(Command.run("predict", run.toString(), "-", "--csv").err()).contains("are for tables");
        assertThat(Command.run("generate", run.toString()).err()).contains("expected a text for the encoder to read");
    }

    @Test
    void the_recipe_itself_is_planned() {
        List<String> arguments = new ArrayList<>(List.of("plan", "../examples/translate.yaml"));
        arguments.addAll(List.of("--set", "data.dir=" + data));
        Command planned = Command.run(arguments.toArray(String[]::new));
        assertThat(planned.status()).as(planned.err()).isZero();
        assertThat(planned.out()).contains("parameters");
    }
}

package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the model and the documents of {@code models/src/test/python/make_harness_fixtures.py}. */
class EvaluateTasksTest {
    private static final String FILES = "../models/src/test/resources/evaluate/";
    private static final String MODEL = FILES + "model";

    @TempDir
    private Path folder;

    @Test
    void tasks_of_a_directory_and_of_the_run_imported_from_it_have_the_same_figures_which_are_lm_evals()
            throws IOException {
        Path out = folder.resolve("figures.json");
        Command direct = Command.run(
                "evaluate",
                MODEL,
                "--tasks",
                FILES + "piqa.yaml",
                FILES + "lambada_openai.yaml",
                "--out",
                out.toString(),
                "--json");
        assertThat(direct.status()).as(direct.err()).isZero();
        JsonNode figures = new ObjectMapper().readTree(direct.out());
        JsonNode expected =
                new ObjectMapper().readTree(Path.of(FILES + "results.json").toFile());
        for (String task : new String[] {"piqa", "lambada_openai"}) {
            expected.get(task).get("figures").fields().forEachRemaining(entry -> {
                if (!entry.getKey().startsWith("perplexity_stderr")) {
                    assertThat(figures.get("results")
                                    .get(task)
                                    .get(entry.getKey())
                                    .asDouble())
                            .isCloseTo(entry.getValue().asDouble(), within(1e-3));
                }
            });
        }
        assertThat(new ObjectMapper().readTree(out.toFile())).isEqualTo(figures);
        assertThat(direct.err()).contains("piqa: ", "did not fit into the model's context");

        String run = folder.resolve("run").toString();
        assertThat(Command.run("import", MODEL, "--out", run).status()).isZero();
        Command imported = Command.run("evaluate", run, "--tasks", FILES + "piqa.yaml", FILES + "lambada_openai.yaml");
        assertThat(imported.status()).as(imported.err()).isZero();
        assertThat(imported.out()).contains("acc_norm").contains("0.2500").contains("70.2");
        JsonNode written =
                new ObjectMapper().readTree(Path.of(run, "tasks.json").toFile());
        assertThat(written.get("results")).isEqualTo(figures.get("results"));
    }

    @Test
    void the_perplexity_of_a_text_is_told_with_its_windows() throws IOException {
        JsonNode expected = new ObjectMapper()
                .readTree(Path.of(FILES + "results.json").toFile())
                .get("strides");
        Path text = folder.resolve("text.txt");
        Files.writeString(text, expected.get("text").asText());
        JsonNode wanted = expected.get("figures").get(1);
        Command command = Command.run(
                "evaluate", MODEL, "--perplexity", text.toString(), "--max-length", "96", "--stride", "32", "--json");
        assertThat(command.status()).as(command.err()).isZero();
        double perplexity = wanted.get("perplexity").asDouble();
        JsonNode got = new ObjectMapper().readTree(command.out());
        assertThat(got.get("perplexity").asDouble()).isCloseTo(perplexity, within(1e-3));
        assertThat(got.get("tokens").asInt()).isEqualTo(wanted.get("tokens").asInt());
    }

    @Test
    void what_cannot_be_measured_is_refused_with_what_to_do() {
        refused(
                "--num-fewshot, --limit, --fewshot-seed and --out: expected --tasks FILE",
                "evaluate",
                MODEL,
                "--limit",
                "3");
        refused(
                "num_fewshot: expected 0 or more examples, received -1",
                "evaluate",
                MODEL,
                "--tasks",
                FILES + "piqa.yaml",
                "--num-fewshot=-1");
        refused("--tokenizer: expected --tasks FILE or --perplexity FILE", "evaluate", MODEL, "--tokenizer", MODEL);
        refused("--max-length and --stride: expected --perplexity FILE", "evaluate", MODEL, "--stride", "3");
        refused(
                "no file",
                "evaluate",
                MODEL,
                "--tasks",
                folder.resolve("none.yaml").toString());
        refused("two are \"piqa\"", "evaluate", MODEL, "--tasks", FILES + "piqa.yaml", FILES + "piqa.yaml");
        refused("expected a run", "evaluate", folder.toString(), "--tasks", FILES + "piqa.yaml");
        refused("expected --tasks or --perplexity without FILE", "evaluate", MODEL, "x.npz", "--perplexity", "y.txt");
    }

    private static void refused(String message, String... arguments) {
        Command command = Command.run(arguments);
        assertThat(command.status()).isEqualTo(2);
        assertThat(command.err()).contains(message).doesNotContain("\tat ");
    }
}

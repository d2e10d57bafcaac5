package dev.jumbo.models.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import dev.jumbo.models.generate.TextGenerator;
import dev.jumbo.models.generate.TextScorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against lm-eval 0.4.13 on the same model and documents: src/test/python/make_harness_fixtures.py. */
class HarnessTest {
    private static final Path FOLDER = Path.of("src/test/resources/evaluate");
    private static JsonNode expected;
    private static TextGenerator model;

    @BeforeAll
    static void open() throws IOException {
        expected = new ObjectMapper().readTree(FOLDER.resolve("results.json").toFile());
        model = TextGenerator.open(FOLDER.resolve("model"), null);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    private static TaskFile task(String name) {
        return TaskFile.read(FOLDER.resolve(name + ".yaml"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hellaswag", "arc_easy", "piqa", "winogrande", "boolq", "lambada_openai", "gsm8k", "perplexity"})
    void prompts_log_likelihoods_answers_and_figures_of_a_task_are_those_of_lm_eval(String name) {
        TaskResult result = Harness.of(model).run(task(name));
        JsonNode wanted = expected.get(name);
        int filters = result.figures().stream()
                .map(TaskResult.Figure::filter)
                .distinct()
                .toList()
                .size();
        assertThat(wanted.get("samples").size()).isEqualTo(result.documents() * filters);
        for (int i = 0; i < result.documents(); i++) {
            JsonNode sample = wanted.get("samples").get(i);
            TaskResult.Sample got = result.samples().get(i);
            assertThat(got.prompt()).isEqualTo(sample.get("prompt").asText());
            JsonNode responses = sample.get("responses");
            if (got.answers().isEmpty()) {
                for (int choice = 0; choice < got.logprobs().size(); choice++) {
                    JsonNode response = responses.get(choice).get(0);
                    double logprob = (response.isArray() ? response.get(0) : response).asDouble();
                    assertThat(got.logprobs().get(choice))
                            .isCloseTo(logprob, within(1e-3 * Math.max(1, Math.abs(logprob) / 100)));
                }
            } else {
                assertThat(got.answers().get(0))
                        .isEqualTo(responses.get(0).get(0).asText());
            }
        }
        int compared = 0;
        for (TaskResult.Figure figure : result.figures()) {
            JsonNode value = wanted.get("figures").get(figure.metric() + "," + figure.filter());
            assertThat(figure.value()).as(figure.metric()).isCloseTo(value.asDouble(), within(1e-3));
            JsonNode error = wanted.get("figures").get(figure.metric() + "_stderr," + figure.filter());
            if (error != null && !figure.metric().equals("perplexity")) {
                assertThat(figure.standardError()).isCloseTo(error.asDouble(), within(1e-9));
            }
            compared++;
        }
        assertThat(compared).isPositive();
    }

    @Test
    void the_standard_error_of_a_perplexity_is_near_that_of_the_bootstrap_of_lm_eval() {
        TaskResult.Figure figure = Harness.of(model).run(task("lambada_openai")).figure("perplexity", "none");
        double error = expected.get("lambada_openai")
                .get("figures")
                .get("perplexity_stderr,none")
                .asDouble();
        assertThat(figure.standardError()).isBetween(0.7 * error, 1.4 * error);
    }

    @Test
    void an_answer_does_not_depend_on_the_other_documents_of_its_task(@TempDir Path folder) throws IOException {
        for (String name : List.of("hellaswag", "lambada_openai", "perplexity")) {
            TaskResult all = Harness.of(model).run(task(name));
            Path yaml = folder.resolve(name + ".yaml");
            String split = name.equals("hellaswag") ? "validation" : "test";
            List<String> lines = Files.readAllLines(FOLDER.resolve("documents/" + name + ".jsonl"));
            for (int i : new int[] {0, 3}) {
                Files.write(folder.resolve("one.jsonl"), List.of(lines.get(i)));
                Files.writeString(
                        yaml,
                        Files.readString(FOLDER.resolve(name + ".yaml"))
                                .replaceAll(split + ": .*", split + ": one.jsonl")
                                .replaceAll("train: .*", ""));
                TaskResult.Sample alone =
                        Harness.of(model).run(TaskFile.read(yaml)).samples().get(0);
                // To the bit.
                assertThat(alone.logprobs()).isEqualTo(all.samples().get(i).logprobs());
            }
        }
    }

    @Test
    void perplexity_over_strides_is_the_mean_over_all_tokens_and_as_in_the_documentation() {
        String text = expected.get("strides").get("text").asText();
        for (JsonNode wanted : expected.get("strides").get("figures")) {
            TextScorer.Strided got = model.scorer()
                    .strided(
                            text,
                            wanted.get("max_length").asInt(),
                            wanted.get("stride").asInt());
            double perplexity = wanted.get("perplexity").asDouble();
            assertThat(got.perplexity()).isCloseTo(perplexity, within(1e-4 * perplexity));
            assertThat(got.documented()).isCloseTo(wanted.get("documented").asDouble(), within(1e-4 * perplexity));
            assertThat(got.tokens()).isEqualTo(wanted.get("tokens").asInt());
        }
    }

    @Test
    void examples_are_drawn_with_the_numbers_of_pythons_random() {
        for (JsonNode draws : expected.get("random")) {
            PythonRandom random = new PythonRandom(draws.get("seed").asLong());
            for (JsonNode bits : draws.get("bits")) {
                assertThat(random.bits(32)).isEqualTo(bits.asLong());
            }
            for (JsonNode sample : draws.get("samples")) {
                List<Integer> wanted = new ArrayList<>();
                sample.get(2).forEach(drawn -> wanted.add(drawn.asInt()));
                assertThat(random.sample(sample.get(0).asInt(), sample.get(1).asInt()))
                        .isEqualTo(wanted);
            }
        }
    }

    @Test
    void a_prompt_that_does_not_fit_loses_its_beginning_and_is_counted() {
        assertThat(Harness.of(model).run(task("piqa")).cut()).isPositive();
        assertThat(Harness.of(model).run(task("winogrande")).cut()).isZero();
    }

    @Test
    void a_directory_whose_model_reads_a_source_is_told_from_one_that_goes_on_with_a_prompt() {
        assertThatThrownBy(() -> TextGenerator.open(Path.of("src/test/resources/hf/t5"), null))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("expected a causal language model", "t5", "decoder_tokens");
    }

    @Test
    void a_task_file_that_cannot_be_right_is_refused_with_what_to_do(@TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("docs.jsonl"), "{\"goal\": \"a\", \"sol1\": \"b\", \"sol2\": \"c\", \"label\": 2}\n");
        String head = "include: piqa\ndataset_kwargs: {data_files: {validation: docs.jsonl}}\n";
        refused(folder, head, "docs.jsonl, line 1", "received 2");
        refused(folder, head + "num_fewshots: 2\n", "num_fewshots", "num_fewshot");
        refused(folder, head + "process_docs: something\n", "process_docs");
        refused(folder, head + "doc_to_text: \"{{goal_}}\"\n", "docs.jsonl, line 1", "'goal_' is undefined");
        refused(folder, head + "doc_to_choice: \"{{goal}}\"\n", "doc_to_choice", "list of texts");
        refused(folder, head + "metric_list: [{metric: f1}]\n", "acc_norm", "f1");
        refused(folder, head + "num_fewshot: 1\n", "train");
        String shots = "dataset_kwargs: {data_files: {validation: docs.jsonl, train: docs.jsonl}}\nnum_fewshot: 3\n";
        refused(folder, "include: piqa\n" + shots, "at most 0 examples", "1 documents", "received 3");
        TaskFile piqa = task("piqa");
        assertThatThrownBy(() -> piqa.withFewshot(-1))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("0 or more");
        refused(folder, "include: pika\n", "piqa");
        refused(folder, "include: piqa\n", "data_files");
        refused(folder, head.replace("docs.jsonl", "other.jsonl"), "other.jsonl");
        Files.writeString(folder.resolve("docs.jsonl"), "{\"goal\": \"a\"\n");
        refused(folder, head, "docs.jsonl");
    }

    @Test
    void a_setting_of_a_task_file_that_would_be_passed_over_is_refused(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("docs.jsonl"), "{\"q\": \"a\", \"a\": \"b\"}\n");
        String head = "doc_to_text: q\ndoc_to_target: a\ntest_split: test\n"
                + "generation_kwargs: {max_gen_toks: 2}\ndataset_kwargs: {data_files: {test: docs.jsonl}}\n";
        assertThat(Harness.of(model).run(read(folder, head)).documents()).isEqualTo(1);
        String filter = head + "filter_list: [{name: x, filter: [{function: regex, ";
        refused(folder, head + "metric_list: exact_match\n", "metric_list", "a list", "exact_match");
        refused(folder, head + "metric_list: [exact_match]\n", "metric_list", "a mapping");
        refused(folder, head + "metric_list: [{metric: exact_match, ignore_case: \"yes\"}]\n", "ignore_case", "yes");
        refused(folder, head + "metric_list: [{metric: exact_match, aggregation: median}]\n", "mean", "median");
        refused(folder, head + "metric_list: [{metric: bleu}, {metric: bleu}]\n", "once", "bleu");
        refused(folder, filter + "pattern: a}]}]\n", "filter_list: filter", "pattern", "regex_pattern");
        refused(folder, filter + "group_select: last}]}]\n", "group_select", "last");
        refused(folder, filter + "regex_pattern: '('}]}]\n", "regex_pattern", "(");
        refused(folder, head + "filter_list: [{name: x}, {name: x}]\n", "once", "x");
        refused(folder, head + "filter_list: {name: x}\n", "filter_list", "a list");
        refused(folder, head + "fewshot_config: first_n\n", "fewshot_config", "a mapping", "first_n");
        refused(folder, head + "repeats: two\n", "repeats", "two");
        refused(folder, head.replace("max_gen_toks: 2", "max_gen_toks: 2.5"), "max_gen_toks", "2.5");
        // As long as the document is short, it ends.
        String endless = "metric_list: [{metric: exact_match, regexes_to_ignore: [\"a*a*a*a*a*a*a*c\"]}]\n";
        Files.writeString(folder.resolve("docs.jsonl"), "{\"q\": \"a\", \"a\": \"" + "a".repeat(400) + "\"}\n");
        refused(folder, head + endless, "docs.jsonl, line 1", "repetitions");
    }

    private static TaskFile read(Path folder, String yaml) throws IOException {
        Path file = folder.resolve("task.yaml");
        Files.writeString(file, yaml);
        return TaskFile.read(file);
    }

    private static void refused(Path folder, String yaml, String... parts) {
        assertThatThrownBy(() -> Harness.of(model).run(read(folder, yaml)))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(parts);
    }
}

package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JumboTest {
    @Test
    void version_goes_to_stdout_alone() {
        Command version = Command.run("version");

        assertThat(version.status()).isZero();
        assertThat(version.out()).startsWith("jumbo ");
        assertThat(version.err()).isEmpty();
        for (String option : new String[] {"--version", "-V"}) {
            assertThat(Command.run(option)).isEqualTo(version);
        }
    }

    @Test
    void a_verb_that_is_near_none_is_answered_with_all_of_them() {
        Command verb = Command.run("bogus");

        assertThat(verb.status()).isEqualTo(2);
        assertThat(verb.err())
                .hasLineCount(1)
                .contains("unknown verb \"bogus\"; the verbs are init, prepare, tokenizer, plan, train");
    }

    @Test
    void help_is_a_verb_too() {
        assertThat(Command.run("help")).isEqualTo(Command.run("--help"));
        assertThat(Command.run("help", "token")).isEqualTo(Command.run("token", "--help"));
        Command unknown = Command.run("help", "evalute");
        assertThat(unknown.status()).isEqualTo(2);
        assertThat(unknown.err())
                .contains("unknown verb \"evalute\"; did you mean evaluate?")
                .hasLineCount(1);
    }

    @Test
    void completion_is_a_script_for_bash_that_knows_every_verb_and_its_options() {
        String script = Command.run("completion").out();

        assertThat(script).contains("complete -F _complete_jumbo", " train ", "'--resume'", " predict ");
    }

    @Test
    void the_architecture_draws_no_verb_that_does_not_exist() throws Exception {
        String page = Files.readString(Path.of("../docs/architecture.md"));
        String drawn = page.lines()
                .filter(line -> line.contains("Checkpoint directory"))
                .findFirst()
                .orElseThrow();

        for (String verb : drawn.substring(0, drawn.indexOf('◄')).split(",")) {
            assertThat(Command.run(verb.strip(), "--help").status()).as(verb).isZero();
        }
    }

    @Test
    void a_wrong_verb_or_option_is_the_callers_mistake_with_the_nearest_name() {
        Command verb = Command.run("evalute");
        Command option = Command.run("train", "x.yaml", "--sed", "1");

        assertThat(verb.status()).isEqualTo(2);
        assertThat(verb.err()).contains("did you mean evaluate?").hasLineCount(1);
        assertThat(option.status()).isEqualTo(2);
        assertThat(option.err()).contains("did you mean --seed?").hasLineCount(1);
        assertThat(Command.run().status()).isEqualTo(2);
    }

    @Test
    void an_unknown_key_is_one_line_with_file_line_and_nearest_key(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("r.yaml");
        Files.writeString(file, "data: {dataset: digits}\nmodel:\n  layers: [flatten]\ntrain:\n  epoch: 3\n");

        Command train = Command.run(
                "train", file.toString(), "--out", dir.resolve("run").toString());

        assertThat(train.status()).isEqualTo(2);
        assertThat(train.err().strip())
                .isEqualTo("jumbo: " + file + ":5: train.epoch: unknown key \"epoch\" (did you mean \"epochs\"?)");
        assertThat(dir.resolve("run")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train: {class_weights: balanced} | train.class_weights: unknown key \"class_weights\" (did you mean"
                        + " train.loss.cross_entropy.class_weights?)",
                "train: {class_weight: balanced} | did you mean train.loss.cross_entropy.class_weights?)",
                "train: {pos_weight: 3} | did you mean train.loss.binary_cross_entropy.pos_weight?)",
                "train: {rotation: 3} | did you mean data.augmentation.rotation or ",
                "train: {zebra: 3} | known: adapter, batch_size",
                "batch_size: 32 | did you mean train.batch_size?)",
                "train: {normalization: z_score} | did you mean data.normalization?)",
            })
    void a_key_in_the_wrong_section_points_to_its_own(String section, String says, @TempDir Path dir) throws Exception {
        Path file = dir.resolve("r.yaml");
        Files.writeString(file, "data: {dataset: digits}\nmodel: {layers: [flatten, dense: 10]}\n" + section + "\n");

        Command train = Command.run(
                "train", file.toString(), "--out", dir.resolve("run").toString());

        assertThat(train.status()).isEqualTo(2);
        assertThat(train.err()).contains(says).hasLineCount(1);
    }

    @Test
    void a_cluster_needs_the_module_spark_which_is_not_on_this_path(@TempDir Path dir) throws Exception {
        Path file = dir.resolve("r.yaml");
        Files.writeString(file, "data: {dataset: digits}\n");

        Command prepare = Command.run("prepare", file.toString(), "--master", "local[*]");
        Command settings = Command.run("prepare", file.toString(), "--conf", "spark.executor.memory=8g");

        assertThat(prepare.status()).isEqualTo(2);
        assertThat(prepare.err()).contains("module spark", "./jumbo").hasLineCount(1);
        assertThat(settings.status()).isEqualTo(2);
        assertThat(settings.err()).contains("expected --master").hasLineCount(1);
    }

    @Test
    void cleaned_tables_have_no_report_until_they_are_complete_and_nothing_of_the_run_before(@TempDir Path dir)
            throws Exception {
        Path out = dir.resolve("out");
        Files.writeString(dir.resolve("t.csv"), "a,b\n1,2\n");
        String yaml = "data: {dataset: {table: {train: {csv: {path: " + dir.resolve("t.csv") + "}}%s}}}\n";
        Path both = Files.writeString(
                dir.resolve("both.yaml"), yaml.formatted(", test: {csv: {path: " + dir.resolve("t.csv") + "}}"));
        Path one = Files.writeString(dir.resolve("one.yaml"), yaml.formatted(""));
        assertThat(Command.run("prepare", both.toString(), "--out", out.toString())
                        .status())
                .isZero();
        assertThat(out.resolve("clean-test.csv")).exists();
        Files.writeString(out.resolve("malformed-train.csv"), "of the run before");

        assertThat(Command.run("prepare", one.toString(), "--out", out.toString())
                        .status())
                .isZero();
        try (Stream<Path> files = Files.list(out)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("clean-train.csv", "report.json");
        }

        Files.writeString(dir.resolve("t.csv"), "a,b\n1\n");
        assertThat(Command.run("prepare", one.toString(), "--out", out.toString())
                        .status())
                .isEqualTo(2);
        assertThat(out.resolve("report.json")).doesNotExist();
    }

    @Test
    void missing_files_and_runs_are_one_line_and_leave_nothing(@TempDir Path dir) {
        Command train = Command.run("train", dir.resolve("no.yaml").toString());
        Command evaluate = Command.run("evaluate", dir.toString());

        assertThat(train.status()).isEqualTo(2);
        assertThat(train.err()).startsWith("jumbo: there is no file").hasLineCount(1);
        assertThat(evaluate.status()).isEqualTo(2);
        assertThat(evaluate.err()).contains("train first").hasLineCount(1);
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void verbose_adds_the_stack_trace() {
        assertThat(Command.run("train", "no.yaml", "--verbose").err()).contains("\tat dev.jumbo");
    }

    @ParameterizedTest
    @EnumSource(Init.Template.class)
    void init_writes_a_configuration_that_can_be_read_and_never_overwrites(Init.Template template, @TempDir Path dir)
            throws Exception {
        Path file = dir.resolve("c.yaml");
        String name = template.name().toLowerCase(Locale.ROOT);

        assertThat(Command.run("init", name, "--out", file.toString()).status()).isZero();
        assertThat(RunConfig.read(file, List.of())).isNotNull();
        assertThat(Files.readString(file)).contains("#");

        Files.writeString(file, "mine");
        Command again = Command.run("init", name, "--out", file.toString());
        assertThat(again.status()).isEqualTo(2);
        assertThat(again.err()).contains("is there already");
        assertThat(file).hasContent("mine");
    }

    @Test
    void a_resolved_configuration_reads_back_to_itself() {
        RunConfig config = RunConfig.read(Path.of("../examples/mnist_best.yaml"), List.of());

        String yaml = config.yaml();

        assertThat(RunConfig.parse("again.yaml", yaml)).isEqualTo(config);
    }

    @Test
    void the_committed_schema_is_the_generated_one() {
        assertThat(Path.of("../docs/jumbo.schema.json"))
                .as("docs/jumbo.schema.json; write it with: ./jumbo schema > docs/jumbo.schema.json")
                .hasContent(Command.run("schema").out());
    }
}

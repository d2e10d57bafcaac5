package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class SplitVerbTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void a_table_that_is_sorted_by_class() throws IOException {
        StringBuilder csv = new StringBuilder("x,customer,day,kind\n");
        for (int i = 0; i < 90; i++) {
            // Three classes one behind the other; six customers of each; days in another order.
            int kind = i / 30;
            csv.append(kind + 0.3 * Math.sin(i)).append(",c").append(i / 5);
            csv.append(String.format(",2026-%02d-%02d", 1 + i % 7, 1 + i % 28))
                    .append(",k")
                    .append(kind)
                    .append('\n');
        }
        Files.writeString(dir.resolve("t.csv"), csv);
        file = Files.writeString(dir.resolve("t.yaml"), """
            data: {dataset: {table: {train: {csv: {path: %s}}, target: kind, columns: {customer: ignore, day: ignore}}}}
            model: {layers: [{dense: 3}]}
            train: {epochs: 3, learning_rate: 0.05, validation_split: 0.2, seed: 4}
            """.formatted(dir.resolve("t.csv")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "random", "stratified", "last", "{group: customer}", "{time: day}"})
    void evaluate_measures_the_examples_that_training_held_out(String split) throws IOException {
        Path run = train("--set", "train.split=" + split, "--set", "train.test_split=0.1");

        JsonNode validation = evaluate(run, "--split", "validation", "--checkpoint", "last");
        JsonNode test = evaluate(run, "--split", "test");
        JsonNode train = evaluate(run, "--split", "train");

        assertThat(validation.get("loss").asDouble()).isEqualTo(lastOf(run, "val_loss"));
        assertThat(validation.get("examples").asInt()
                        + test.get("examples").asInt()
                        + train.get("examples").asInt())
                .isEqualTo(90);
    }

    @ParameterizedTest
    @CsvSource({
        "last,train.split: stratified gives",
        "'{group: customer}',choose smaller groups",
        "'{time: when}',a longer one"
    })
    void classes_that_a_part_lacks_are_said_once_by_training_with_what_fits_the_split(String split, String advice)
            throws IOException {
        StringBuilder csv = new StringBuilder("x,customer,when,kind\n");
        for (int i = 0; i < 90; i++) {
            csv.append(i % 7)
                    .append(",c")
                    .append(i / 30)
                    .append(',')
                    .append(i)
                    .append(",k")
                    .append(i / 30)
                    .append('\n');
        }
        Files.writeString(dir.resolve("t.csv"), csv);
        Files.writeString(file, Files.readString(file).replace("day: ignore", "when: ignore"));
        List<String> trained = new ArrayList<>();
        List<String> evaluated = new ArrayList<>();

        Path run = listening(trained, () -> train("--set", "train.split=" + split));
        listening(evaluated, () -> evaluate(run, "--split", "validation"));

        assertThat(trained.stream().filter(line -> line.contains("no example of")))
                .singleElement()
                .asString()
                .contains(advice);
        assertThat(evaluated).noneMatch(line -> line.contains("no example of"));
    }

    private static <T> T listening(List<String> said, Callable<T> what) throws IOException {
        Logger logger = (Logger) LoggerFactory.getLogger("dev.jumbo");
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        heard.start();
        logger.addAppender(heard);
        try {
            return what.call();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            logger.detachAppender(heard);
            heard.list.forEach(event -> said.add(event.getFormattedMessage()));
        }
    }

    @Test
    void without_a_key_no_class_is_left_out_of_the_validation_part_of_a_sorted_table() throws IOException {
        JsonNode validation = evaluate(train(), "--split", "validation");

        assertThat(validation.get("examples").asInt()).isEqualTo(18);
        assertThat(validation.get("per_class"))
                .hasSize(3)
                .allSatisfy(each -> assertThat(each.get("support").asInt()).isPositive());
    }

    @Test
    void a_run_that_an_earlier_version_wrote_held_out_the_last_examples() throws IOException {
        Path run = train("--set", "train.split=last");
        JsonNode before = evaluate(run, "--split", "validation");
        Path yaml = run.resolve("run.yaml");
        List<String> lines = Files.readAllLines(yaml);
        assertThat(lines).contains("  split: last", "  test_split: 0.0", "  fold: null");
        lines.removeAll(List.of("  split: last", "  test_split: 0.0", "  fold: null"));
        Files.write(yaml, lines);

        assertThat(evaluate(run, "--split", "validation")).isEqualTo(before);
        assertThat(before.at("/per_class/k2/support").asInt()).isEqualTo(18);
        // The file of the user, who never named the key, goes on with what the run has.
        assertThat(Command.run("train", file.toString(), "--out", run.toString(), "--resume")
                        .status())
                .isZero();
    }

    @Test
    void folds_give_mean_and_interval_and_each_can_be_evaluated_again() throws IOException {
        Path out = dir.resolve("folds");

        Command train = Command.run(
                "train",
                file.toString(),
                "--out",
                out.toString(),
                "--folds",
                "3",
                "--json",
                "--set",
                "train.split=stratified");

        assertThat(train.status()).as(train.err()).isZero();
        JsonNode result = JSON.readTree(train.out());
        assertThat(result.get("folds")).hasSize(3);
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            JsonNode again = evaluate(out.resolve("fold-" + (i + 1)), "--split", "test");
            assertThat(result.at("/folds/" + i + "/loss").asDouble())
                    .isEqualTo(again.get("loss").asDouble());
            assertThat(again.at("/per_class/k1/support").asInt()).isEqualTo(10);
            sum += again.get("loss").asDouble();
        }
        assertThat(result.at("/summary/loss/mean").asDouble()).isEqualTo(sum / 3);
        assertThat(result.at("/summary/loss/lower").asDouble())
                .isLessThan(result.at("/summary/loss/mean").asDouble());
    }

    @Test
    void what_does_not_divide_the_data_is_the_callers_mistake_and_leaves_nothing() {
        Path out = dir.resolve("no");
        for (List<String> wrong : List.of(
                List.of("train.split={group: custmer}", "did you mean \"customer\"?"),
                List.of("train.split=stratifed", "did you mean \"stratified\"?"),
                List.of("train.split={group: {file_name: x}}", "divided by a column"),
                List.of("train.test_split=0.9", "below 1 together"),
                List.of("train.split={time: kind}", "a date or time"))) {
            Command train = Command.run("train", file.toString(), "--out", out.toString(), "--set", wrong.get(0));
            assertThat(train.status()).as(wrong.get(0)).isEqualTo(2);
            assertThat(train.err()).contains(wrong.get(1)).hasLineCount(1);
            assertThat(out).doesNotExist();
        }
    }

    @Test
    void evaluate_writes_report_and_curves_beside_the_run() throws IOException {
        Path run = train();
        evaluate(run, "--split", "validation");

        for (String name : List.of("confusion_matrix", "roc", "precision_recall", "reliability")) {
            assertThat(run.resolve(name + "_validation.png")).isNotEmptyFile();
        }
        assertThat(run.resolve("classification_report_validation.txt")).isNotEmptyFile();
    }

    private Path train(String... more) {
        Path out = dir.resolve("run");
        String[] all = new String[more.length + 4];
        all[0] = "train";
        all[1] = file.toString();
        all[2] = "--out";
        all[3] = out.toString();
        System.arraycopy(more, 0, all, 4, more.length);
        Command train = Command.run(all);
        assertThat(train.status()).as(train.err()).isZero();
        return out;
    }

    private static JsonNode evaluate(Path run, String... more) throws IOException {
        String[] all = new String[more.length + 3];
        all[0] = "evaluate";
        all[1] = run.toString();
        all[2] = "--json";
        System.arraycopy(more, 0, all, 3, more.length);
        Command evaluate = Command.run(all);
        assertThat(evaluate.status()).as(evaluate.err()).isZero();
        return JSON.readTree(evaluate.out());
    }

    private static double lastOf(Path run, String figure) throws IOException {
        double last = Double.NaN;
        for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
            JsonNode value = JSON.readTree(line).findValue(figure);
            last = value == null ? last : value.asDouble();
        }
        return last;
    }
}

package dev.jumbo.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.config.YamlFile;
import dev.jumbo.data.Batch;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Loader;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.error.InputException;
import dev.jumbo.train.checkpoint.Kinds;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamSourceTest {
    @TempDir
    Path dir;

    private DataParts load(String yaml) {
        DataSource source = Kinds.records()
                .with(DataSource.class, Sources.kinds())
                .read(DataSource.class, YamlFile.parse("data.yaml", "{stream: {" + yaml + "}}"));
        return source.load(dir, dir);
    }

    private static Batch batch(DataParts parts, int rows) {
        try (Loader.Epoch batches = Loader.of(parts.train())
                .batchSize(rows)
                .epochExamples(rows)
                .build()
                .epoch(0)) {
            return batches.next();
        }
    }

    private void write(String name, String lines) throws IOException {
        Files.writeString(dir.resolve(name), lines);
    }

    @Test
    void files_that_match_a_pattern_follow_each_other_by_name_and_gzip_is_recognised() throws IOException {
        write("part-2.jsonl", "{\"x\": 3, \"y\": 1.5}\n\n{\"x\": 4, \"y\": 2.5}\n");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(dir.resolve("part-1.jsonl")))) {
            out.write("{\"x\": 1, \"y\": 0.5}\n{\"x\": 2, \"y\": -1}".getBytes(StandardCharsets.UTF_8));
        }
        Batch batch = batch(load("train: ['part-*.jsonl'], numbers: [x, y], target: y"), 4);
        assertThat(batch.inputs().get(0).floats()).containsExactly(1, 0.5f, 2, -1, 3, 1.5f, 4, 2.5f);
        assertThat(batch.targets().get(0).floats()).containsExactly(0.5f, -1, 1.5f, 2.5f);
    }

    @Test
    void ids_are_padded_and_a_class_and_a_weight_come_with_them() throws IOException {
        write(
                "a.jsonl",
                "{\"ids\": [5, 3, 9], \"topic\": \"b\", \"w\": 2}\n{\"ids\": [1], \"topic\": \"a\", \"w\": 0.5}\n");
        Batch batch = batch(
                load("train: [a.jsonl], tokens: ids, vocabulary: 10, padding: 7, target: topic, classes: [a, b],"
                        + " weight: w, validation: [a.jsonl]"),
                2);
        assertThat(batch.inputs().get(0).longs()).containsExactly(5, 3, 9, 1, 7, 7);
        assertThat(batch.targets().get(0).longs()).containsExactly(1, 0);
        assertThat(batch.weights()).containsExactly(2, 0.5);
    }

    @Test
    void without_a_target_the_next_id_is_learned() throws IOException {
        write("a.jsonl", "{\"ids\": [5, 3, 9]}\n{\"ids\": [1, 2]}\n");
        DataParts parts = load("train: [a.jsonl], validation: [a.jsonl], tokens: ids, vocabulary: 10");
        Batch batch = batch(parts, 2);
        assertThat(batch.inputs().get(0).longs()).containsExactly(5, 3, 1, 0);
        assertThat(batch.targets().get(0).longs()).containsExactly(3, 9, 2, Loader.IGNORED);
        assertThat(parts.train()).isInstanceOf(ExampleStream.class);
        assertThat(Objects.requireNonNull(parts.validation()).size()).isEqualTo(2);
    }

    private void refused(String lines, String yaml, String... said) throws IOException {
        write("a.jsonl", lines);
        assertThatThrownBy(() -> batch(load("train: [a.jsonl], " + yaml), 2))
                .isInstanceOf(InputException.class)
                .satisfies(e -> {
                    for (String part : said) {
                        assertThat(e).hasMessageContaining(part);
                    }
                });
    }

    @Test
    void what_is_wrong_in_a_record_names_file_and_line() throws IOException {
        String good = "{\"x\": 1, \"y\": \"a\"}\n";
        refused(good + "\n{\"x\": \n", "numbers: [x], target: x", "a.jsonl, line 3: expected a JSON object");
        refused(good + "{\"z\": 1}", "numbers: [x], target: x", "line 2: expected a value of x, received the keys [z]");
        refused(good + "{\"x\": \"1\"}", "numbers: [x], target: x", "line 2: expected a finite number in x");
        refused(
                good + "{\"x\": 1e39}",
                "numbers: [x], target: x",
                "a.jsonl, line 2: expected a finite number in x, up to 3.4e38 as float32, received 1E+39; mend the line");
        refused(
                "{\"x\": 1, \"t\": -1e39}\n",
                "numbers: [x], target: t",
                "line 1: expected a finite number in t, up to 3.4e38 as float32");
        refused(
                "{\"x\": 1, \"w\": 1e308}\n",
                "numbers: [x], target: x, weight: w",
                "line 1: expected a finite number in w");
        refused(
                good + "{\"x\": \"old\"}",
                "inputs: {n: {numbers: {of: [x]}}}, target: x",
                "a.jsonl, line 2: expected a finite number in x, up to 3.4e38 as float32, or null where it is missing, received"
                        + " \"old\", a text; mend the line");
        refused(good + "{}", "inputs: {n: {numbers: {of: [x]}}}, target: y, classes: [a]", "expected a value of x");
        refused(
                good + "{\"x\": 1, \"y\": \"c\"}",
                "numbers: [x], target: y, classes: [a, b]",
                "line 2: expected one of the classes [a, b] in y, received \"c\"");
        refused(
                "{\"x\": [1, 2]}\n{\"x\": [1, 99]}\n",
                "tokens: x, vocabulary: 10",
                "line 2: expected a list of 2 to 513 ids from 0 to 9");
        refused(
                "{\"x\": 1, \"w\": -1}\n",
                "numbers: [x], target: x, weight: w",
                "line 1: expected a weight of 0 or more");
    }

    @Test
    void files_that_are_not_there_and_settings_that_contradict_are_refused() {
        assertThatThrownBy(() -> load("train: [none-*.jsonl], numbers: [x], target: x"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected files that match none-*.jsonl");
        assertThatThrownBy(() -> load("train: [none.jsonl], numbers: [x], target: x"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none.jsonl, received none");
        assertThatThrownBy(() -> load("train: [a.jsonl], target: x"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("one of numbers, tokens and inputs");
    }
}

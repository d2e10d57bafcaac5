package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Texts of a table's rows that say nothing: missing classes, and texts of which training had no word. */
class TextRecordsTest {
    @TempDir
    Path dir;

    private String train(String rows, String missing) throws IOException {
        Files.writeString(dir.resolve("train.csv"), "Text,Art\n" + rows);
        Path yaml = Files.writeString(dir.resolve("run.yaml"), """
                data:
                  dataset:
                    records:
                      train: {csv: {path: %s%s}}
                      inputs: {Text: {tokenize: {vocabulary: 20}}}
                      target: Art
                model: {layers: [{embedding: {input_dim: 20, output_dim: 4}}, {permute: [2, 1]}, global_avg_pool, {dense: 2}]}
                train: {epochs: 1, batch_size: 4, seed: 1}
                """.formatted(dir.resolve("train.csv"), missing));
        Command command = Command.run("train", yaml.toString(), "--out", run());
        return command.status() == 0 ? "" : command.err();
    }

    private String run() {
        return dir.resolve("run").toString();
    }

    private String rows(String name, String content) throws IOException {
        return Files.writeString(dir.resolve(name), content).toString();
    }

    @Test
    void a_name_that_is_none_is_told_with_the_nearest() throws IOException {
        assertThat(train("good,a\nbad,b\ngood,a\nbad,b\n", "")).isEmpty();
        assertThat(Command.run("predict", run(), "{}").err()).contains("received nothing: there are no names");
        assertThat(Command.run("predict", run(), "{\"text\": \"good\"}").err()).contains("did you write \"text\"");
    }

    @Test
    void every_text_is_one_where_training_said_so() throws IOException {
        assertThat(train("good,NA\nNA,None\ngood,NA\nNA,None\n", ", missing: []"))
                .isEmpty();
        Command command = Command.run("predict", run(), rows("na.csv", "Text\nNA\n"), "--json");
        assertThat(command.out()).contains("\"None\"").doesNotContain("warnings");
    }

    @Test
    void a_class_that_reads_as_missing_is_refused_with_the_cure() throws IOException {
        assertThat(train("good,a\nbad,None\n", "")).contains("row 3").contains("missing: []");
    }

    @Test
    void a_text_of_which_training_had_no_word_is_answered_with_a_warning() throws IOException {
        assertThat(train("good,a\nbad,b\ngood,a\nbad,b\n", "")).isEmpty();
        Command command = Command.run("predict", run(), rows("new.csv", "Text\ngood xyzzy\nxyzzy\n"), "--json");
        assertThat(command.out().lines().toList().get(0)).doesNotContain("warnings");
        assertThat(command.out().lines().toList().get(1)).contains("warnings").contains("no part of the text in Text");
        assertThat(command.err()).contains("1 of 2 rows");
    }
}

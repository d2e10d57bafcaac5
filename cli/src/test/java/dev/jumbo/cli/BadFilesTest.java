package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.data.image.Images;
import dev.jumbo.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A CSV that names pictures, one of which is damaged: every verb says the CSV, its line as an editor counts it, and the file. */
class BadFilesTest {
    private static final int ROWS = 20;
    /** The header is line 1. */
    private static final int BAD_LINE = 5;

    @TempDir
    private Path dir;

    @Test
    void train_evaluate_and_predict_name_the_table_its_line_and_the_file() throws IOException {
        List<String> lines = new ArrayList<>(List.of("photo,kind"));
        for (int n = 0; n < ROWS; n++) {
            float[] values = new float[64];
            Arrays.fill(values, n % 2 == 0 ? 0 : 255);
            Files.write(dir.resolve(n + ".png"), Images.png(values, Shape.of(1, 8, 8)));
            lines.add(n + ".png," + (n % 2 == 0 ? "dark" : "light"));
        }
        Path good = Files.write(dir.resolve("good.csv"), lines);
        byte[] whole = Files.readAllBytes(dir.resolve("3.png"));
        Path broken = Files.write(dir.resolve("broken.png"), Arrays.copyOf(whole, whole.length / 2));
        lines.set(BAD_LINE - 1, "broken.png,dark");
        Path bad = Files.write(dir.resolve("bad.csv"), lines);
        String place = bad + ": row " + BAD_LINE + ": " + broken + ": photo: ";

        Command train = train(bad, good);
        assertThat(train.status()).isEqualTo(2);
        assertThat(train.err()).contains(place).contains("cut short").doesNotContain("Exception");

        Command trained = train(good, good);
        assertThat(trained.status()).as(trained.err()).isZero();
        Command evaluated =
                Command.run("evaluate", run(), "--split", "test", "--set", "data.dataset.records.test.csv.path=" + bad);
        assertThat(evaluated.status()).isEqualTo(2);
        assertThat(evaluated.err()).contains(place).doesNotContain("Exception");

        // There names are relative to the current directory.
        Path asked =
                Files.writeString(dir.resolve("asked.csv"), "photo\n" + dir.resolve("1.png") + "\n\n" + broken + "\n");
        Command predicted = Command.run("predict", run(), asked.toString());
        assertThat(predicted.status()).isEqualTo(2);
        assertThat(predicted.err())
                .contains(asked + ":4: " + broken + ": photo: ")
                .doesNotContain("Exception");
        Command marked = Command.run("predict", run(), asked.toString(), "--bad", "mark");
        assertThat(marked.status()).as(marked.err()).isZero();
        assertThat(marked.out()).contains(asked + ":4\terror\t" + broken + ": photo: ");
    }

    private String run() {
        return dir.resolve("run").toString();
    }

    private Command train(Path train, Path test) throws IOException {
        Path yaml = Files.writeString(dir.resolve("run.yaml"), """
                data:
                  dir: '%s'
                  dataset:
                    records:
                      train: {csv: {path: '%s'}}
                      test: {csv: {path: '%s'}}
                      inputs: {photo: {resize: {shape: [1, 8, 8]}}}
                      target: kind
                model: {layers: [flatten, {dense: 2}]}
                train: {epochs: 1, batch_size: 8, seed: 1, validation_split: 0.2}
                """.formatted(dir, train, test));
        return Command.run("train", yaml.toString(), "--out", run());
    }
}

package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.data.image.Images;
import dev.jumbo.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pictures with a box each, from YAML. */
class RecordBoxTest {
    @TempDir
    Path dir;

    private final List<String> lines = new ArrayList<>();

    @BeforeEach
    void draw() throws IOException {
        Random random = new Random(1);
        for (int n = 0; n < 24; n++) {
            int width = 30 + random.nextInt(20);
            int left = random.nextInt(width - 12);
            int top = random.nextInt(18);
            float[] values = new float[width * 30];
            for (int i = 0; i < values.length; i++) {
                int x = i % width;
                int y = i / width;
                values[i] = x >= left && x < left + 12 && y >= top && y < top + 12 ? 255 : 0;
            }
            Files.write(dir.resolve(n + ".png"), Images.png(values, Shape.of(1, 30, width)));
            lines.add("{\"photo\": \"" + n + ".png\", \"where\": [" + left + ", " + top + ", " + (left + 12) + ", "
                    + (top + 12) + "]}");
        }
    }

    private Command train(String augmentation, int epochs) throws IOException {
        Path data = Files.write(dir.resolve("train.jsonl"), lines);
        Path yaml = Files.writeString(dir.resolve("run.yaml"), """
                data:
                  dir: '%s'
                  dataset:
                    records:
                      train: {json_lines: '%s'}
                      test: {json_lines: '%s'}
                      inputs: {photo: {resize: {shape: [1, 16, 16], fit: pad}}}
                      target: where
                      predicted: box
                  normalization: rescale
                  augmentation: [%s]
                model: {layers: [{conv2d: {filters: 4, kernel_size: 3, activation: relu}}, flatten, {dense: 4}]}
                train: {epochs: %d, batch_size: 8, learning_rate: 0.01, seed: 1, loss: huber}
                """.formatted(dir, data, data, augmentation, epochs));
        return Command.run("train", yaml.toString(), "--out", dir.resolve("run").toString());
    }

    @Test
    void a_box_is_learned_in_the_pixels_of_the_picture_that_the_network_sees() throws IOException {
        Command done = train("{flip: {}}, {shift: 1}", 40);
        assertThat(done.status()).as(done.err()).isZero();
        Command evaluated = Command.run("evaluate", dir.resolve("run").toString(), "--split", "test", "--json");
        assertThat(evaluated.status()).as(evaluated.err()).isZero();
        assertThat(new ObjectMapper()
                        .readTree(evaluated.out())
                        .findValue("rmse")
                        .asDouble())
                .as("pixels of 16")
                .isLessThan(2);
        Command answered = Command.run(
                "predict", dir.resolve("run").toString(), dir.resolve("3.png").toString());
        assertThat(answered.status()).as(answered.err()).isZero();
        assertThat(answered.out().strip().split("\t")).hasSize(5);
    }

    @Test
    void what_is_no_box_or_cannot_be_followed_is_refused() throws IOException {
        Command turned = train("{rotation: 10}", 1);
        assertThat(turned.status()).isEqualTo(2);
        assertThat(turned.err()).contains("expected one that boxes can follow").doesNotContain("InputException");
        lines.set(3, lines.get(3).replaceAll("\\[.*]", "[9, 1, 2, 3]"));
        Command crossed = train("", 1);
        assertThat(crossed.status()).isEqualTo(2);
        assertThat(crossed.err())
                .contains(
                        "expected a box [left, top, right, bottom] whose right is not left of its left, nor its bottom above its top, in where, received \"[9,1,2,3]\" in row 4");
    }
}

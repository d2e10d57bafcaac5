package dev.jumbo.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.train.metrics.ConfusionMatrix;
import dev.jumbo.train.metrics.Predictions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartsTest {
    @TempDir
    Path directory;

    /** Ten classes, mostly right. */
    private static Predictions predictions(int classes) {
        Random random = new Random(1);
        int rows = 2000;
        float[] outputs = new float[rows * classes];
        long[] ids = new long[rows];
        for (int row = 0; row < rows; row++) {
            ids[row] = random.nextInt(classes);
            double sum = 0;
            double[] e = new double[classes];
            for (int c = 0; c < classes; c++) {
                e[c] = Math.exp(random.nextGaussian() * 1.3 + (c == ids[row] ? 4 : 0));
                sum += e[c];
            }
            for (int c = 0; c < classes; c++) {
                outputs[row * classes + c] = (float) (e[c] / sum);
            }
        }
        return Predictions.ofClasses(outputs, ids);
    }

    private Path out() {
        String kept = System.getProperty("jumbo.charts"); // To look at them: -Djumbo.charts=DIRECTORY
        return kept == null ? directory : Path.of(kept);
    }

    private static void assertDrawn(Path file) throws IOException {
        BufferedImage image = Objects.requireNonNull(ImageIO.read(file.toFile()));
        Set<Integer> colours = new HashSet<>();
        for (int x = 0; x < image.getWidth(); x += 2) {
            for (int y = 0; y < image.getHeight(); y += 2) {
                colours.add(image.getRGB(x, y));
            }
        }
        assertThat(image.getWidth()).isBetween(400, 1200);
        assertThat(colours).as(file.toString()).hasSizeGreaterThan(10);
    }

    @Test
    void learning_curves_are_drawn_from_the_log() throws IOException {
        Path log = directory.resolve("metrics.jsonl");
        StringBuilder lines = new StringBuilder("{\"event\":\"step\",\"step\":1,\"epoch\":0,\"loss\":3}\n");
        for (int e = 0; e < 10; e++) {
            lines.append(String.format(
                    "{\"event\":\"epoch\",\"step\":%d,\"epoch\":%d,\"seconds\":1,\"loss\":%f,\"val_loss\":%s,"
                            + "\"val_accuracy\":%f,\"learning_rate\":%f}%n",
                    e * 750,
                    e,
                    0.4 / (e + 1),
                    e == 3 ? "null" : 0.05 + 0.3 / (e + 1),
                    0.99 - 0.1 / (e + 1),
                    0.001 / (e + 1)));
        }
        Files.writeString(log, lines.toString());
        LearningCurves curves = LearningCurves.read(log);
        assertThat(curves.epochs()).hasSize(10);
        assertThat(curves.epochs().get(3)).doesNotContainKey("val_loss");
        List<Path> files = curves.saveTo(out());
        assertThat(files.stream().map(f -> f.getFileName().toString()))
                .containsExactly("loss.png", "accuracy.png", "learning_rate.png");
        for (Path file : files) {
            assertDrawn(file);
        }
        assertThatThrownBy(() -> curves.image("f1"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("[loss, accuracy, learning_rate], received \"f1\"");
    }

    @Test
    void a_confusion_matrix_is_drawn_for_few_and_many_classes() throws IOException {
        for (int classes : new int[] {2, 10, 47}) {
            List<String> names = classes == 10
                    ? List.of(
                            "T-shirt",
                            "trouser",
                            "pullover",
                            "dress",
                            "coat",
                            "sandal",
                            "shirt",
                            "sneaker",
                            "bag",
                            "ankle boot")
                    : IntStream.range(0, classes).mapToObj(Integer::toString).toList();
            Path file = out().resolve("confusion" + classes + ".png");
            ConfusionMatrixChart.save(ConfusionMatrix.of(predictions(classes)), names, file);
            assertDrawn(file);
        }
    }

    @Test
    void curves_over_thresholds_are_drawn() throws IOException {
        Predictions predictions = predictions(4);
        List<String> names = List.of("cat", "dog", "bird", "fish");
        CurveCharts.saveRoc(predictions, names, out().resolve("roc.png"));
        CurveCharts.savePrecisionRecall(predictions, names, out().resolve("pr.png"));
        CurveCharts.saveReliability(predictions, out().resolve("reliability.png"));
        for (String name : List.of("roc", "pr", "reliability")) {
            assertDrawn(out().resolve(name + ".png"));
        }
    }

    @Test
    void characters_that_end_a_line_or_are_blank_may_be_classes() throws IOException {
        Predictions predictions = predictions(6);
        List<String> names = List.of("\n", " ", "", "$x$", "\u2028", "a\r\nb");
        CurveCharts.saveRoc(predictions, names, out().resolve("roc.png"));
        CurveCharts.savePrecisionRecall(predictions, names, out().resolve("pr.png"));
        ConfusionMatrixChart.save(ConfusionMatrix.of(predictions), names, out().resolve("matrix.png"));
        for (String name : List.of("roc", "pr", "matrix")) {
            assertDrawn(out().resolve(name + ".png"));
        }
        assertThat(Charts.oneLine("a\r\nb")).isEqualTo("aU+000DU+000Ab");
    }
}

package dev.jumbo.train;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.concatenate;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.globalAvgPool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Normalization;
import dev.jumbo.data.OneHot;
import dev.jumbo.data.Row;
import dev.jumbo.data.augment.Augmentations;
import dev.jumbo.data.image.ImageFolder;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.optim.Optimizers;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kinds of tasks that a trainer is given, each from data to a figure on data not trained on. */
class TasksTest {
    private static final String ACCURACY = "accuracy";

    @TempDir
    Path dir;

    private final Layer network = Sequential.of(dense(16, RELU), dense(2));

    private TrainerBuilder trainer(Layer model) {
        return Trainer.of(model)
                .optimizer(Optimizers.adam(2e-2))
                .epochs(12)
                .batchSize(32)
                .seed(3)
                .saveTo(dir.resolve("run"));
    }

    @Test
    void a_graph_with_two_inputs_and_two_outputs_learns_both() {
        Graph graph = Graph.of(g -> {
            String hidden = g.add("hidden", dense(16, RELU), g.add("both", concatenate(), g.input("a"), g.input("b")));
            g.output(g.add("larger", dense(2), hidden));
            g.output(g.add("smaller", dense(2), hidden));
        });
        Checkpoint trained = trainer(graph).build().fit(pairs(512, 1));
        assertThat(Evaluator.evaluate(trained, pairs(256, 2), Metrics.accuracy()))
                .hasEntrySatisfying(
                        "larger/" + ACCURACY, value -> assertThat(value).isGreaterThan(0.95))
                .hasEntrySatisfying(
                        "smaller/" + ACCURACY, value -> assertThat(value).isGreaterThan(0.95))
                .hasEntrySatisfying(
                        "loss", value -> assertThat(value).isLessThan(0.4)); // ln 2 for an output not learned
        try (Predictor predictor = Predictor.of(trained)) {
            List<float[]> outputs = predictor.predict(List.of(new float[] {0.9f}, new float[] {0.1f}), 1);
            assertThat(outputs.get(0)[1]).isGreaterThan(0.9f);
            assertThat(outputs.get(1)[1]).isLessThan(0.1f);
        }
    }

    /** Two numbers from 0 to 1: is the first larger, is it smaller? */
    private static Dataset pairs(int size, long seed) {
        SplittableRandom random = RandomState.of(seed).generator();
        float[] a = new float[size];
        float[] b = new float[size];
        long[] larger = new long[size];
        long[] smaller = new long[size];
        for (int i = 0; i < size; i++) {
            a[i] = (float) random.nextDouble();
            b[i] = (float) random.nextDouble();
            larger[i] = a[i] > b[i] ? 1 : 0;
            smaller[i] = 1 - larger[i];
        }
        List<String> answers = List.of("no", "yes");
        Column first = ArrayDataset.column(Field.floats("a", Shape.of(1)), a);
        Column second = ArrayDataset.column(Field.floats("b", Shape.of(1)), b);
        return ArrayDataset.of(
                List.of(first, second),
                List.of(
                        ArrayDataset.column(Field.classId("larger", answers), larger),
                        ArrayDataset.column(Field.classId("smaller", answers), smaller)));
    }

    @Test
    void one_hot_targets_mixed_by_mixup_are_learned() {
        Checkpoint trained = trainer(network)
                .mixing(Augmentations.mixup(0.2))
                .validationSplit(0.2)
                .build()
                .fit(OneHot.of(Moons.of(600, 1)));
        assertThat(trained.description().targets().get(0).shape()).isEqualTo(Shape.of(2));
        assertThat(trained.trainer().metrics()).containsKeys(ACCURACY, "val_accuracy");
        assertThat(accuracy(trained, OneHot.of(Moons.of(300, 2)))).isGreaterThan(0.85);
    }

    @Test
    void class_weights_move_the_decision_towards_the_heavier_class() {
        double light = recall("light", List.of(1.0, 0.05));
        double heavy = recall("heavy", List.of(0.05, 1.0));
        assertThat(heavy).isGreaterThan(light + 0.1);
    }

    /** The recall of the class 1 of a linear model, which cannot separate the moons. */
    private double recall(String run, List<Double> weights) {
        Checkpoint trained = trainer(dense(2))
                .loss(new CrossEntropy(0, weights, -100, true, 1))
                .saveTo(dir.resolve(run))
                .build()
                .fit(Moons.of(400, 1));
        Dataset test = Moons.of(300, 2);
        double right = 0;
        double of = 0;
        try (Predictor predictor = Predictor.of(trained)) {
            Row row = Row.single(test);
            for (int i = 0; i < test.size(); i++) {
                test.read(i, row);
                if (row.longs(1)[0] == 1) {
                    of++;
                    right += predictor.predict(List.of(row.floats(0)), 1).get(0)[1] > 0.5 ? 1 : 0;
                }
            }
        }
        return right / of;
    }

    @Test
    void pictures_in_folders_are_learned() throws IOException {
        SplittableRandom random = RandomState.of(4).generator();
        for (String split : List.of("train", "test")) {
            for (int i = 0; i < 40; i++) {
                boolean day = i % 2 == 0;
                picture(dir.resolve(split).resolve(day ? "day" : "night"), i, (day ? 150 : 20) + random.nextInt(80));
            }
        }
        Shape shape = Shape.of(1, 6, 6);
        Checkpoint trained = trainer(Sequential.of(conv2d(4, 3, RELU), globalAvgPool(), dense(2)))
                .fitPreprocessing(Normalization::rescale)
                .epochs(30)
                .batchSize(8)
                .build()
                .fit(ImageFolder.of(dir.resolve("train"), shape));
        assertThat(trained.description().targets().get(0).classes()).containsExactly("day", "night");
        assertThat(accuracy(trained, ImageFolder.of(dir.resolve("test"), shape)))
                .isEqualTo(1);
    }

    private static void picture(Path folder, int number, int grey) throws IOException {
        Files.createDirectories(folder);
        BufferedImage image = new BufferedImage(6, 6, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 36; i++) {
            image.getRaster().setSample(i % 6, i / 6, 0, grey);
        }
        ImageIO.write(image, "png", folder.resolve(number + ".png").toFile());
    }

    @Test
    void a_regression_explains_the_variance() {
        Checkpoint trained = trainer(Sequential.of(dense(32, RELU), dense(1)))
                .loss(Losses.mse())
                .metrics(Metrics.r2(), Metrics.mae())
                .monitor("val_r2")
                .epochs(30)
                .validationSplit(0.2)
                .build()
                .fit(waves(600, 1));
        var figures = Evaluator.evaluate(trained, waves(300, 2), Metrics.r2(), Metrics.mse());
        assertThat(figures.get("r2")).isBetween(0.95, 1.0);
        assertThat(figures.get("mse")).isCloseTo(figures.get("loss"), within(1e-6));
    }

    private static Dataset waves(int size, long seed) {
        SplittableRandom random = RandomState.of(seed).generator();
        float[] x = new float[size];
        float[] y = new float[size];
        for (int i = 0; i < size; i++) {
            x[i] = (float) random.nextDouble(-2, 2);
            y[i] = (float) (Math.sin(2 * x[i]) + 0.05 * random.nextGaussian());
        }
        return ArrayDataset.of(Field.floats("x", Shape.of(1)), x, Field.floats("y", Shape.of(1)), y);
    }

    @Test
    void several_threads_predict_at_once_and_get_the_same_answers() {
        Checkpoint trained = trainer(network).epochs(1).build().fit(Moons.of(200, 1));
        int calls = 200;
        try (Predictor predictor = Predictor.of(trained)) {
            List<float[]> alone = IntStream.range(0, calls)
                    .mapToObj(i -> answer(predictor, i))
                    .toList();
            List<float[]> together = IntStream.range(0, calls)
                    .parallel()
                    .mapToObj(i -> answer(predictor, i))
                    .toList();
            for (int i = 0; i < calls; i++) {
                assertThat(together.get(i)).isEqualTo(alone.get(i));
            }
        }
    }

    private static float[] answer(Predictor predictor, int i) {
        return predictor
                .predict(List.of(new float[] {i / 100f - 1, 0.5f, -0.5f, i / 200f}), 2)
                .get(0);
    }

    private static double accuracy(Checkpoint checkpoint, Dataset data) {
        return Evaluator.evaluate(checkpoint, data, Metrics.accuracy()).getOrDefault(ACCURACY, 0.0);
    }
}

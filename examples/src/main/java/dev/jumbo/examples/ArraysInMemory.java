package dev.jumbo.examples;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.losses.Losses.mse;
import static dev.jumbo.train.metrics.Metrics.meanAbsoluteError;
import static dev.jumbo.train.metrics.Metrics.r2;
import static dev.jumbo.train.metrics.Metrics.rmse;
import static dev.jumbo.train.optim.Optimizers.adam;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Normalization;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.answer.Answers;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * What a flat costs, from arrays in memory: numbers in, a number out, measured and asked in its own unit.
 *
 * <p>Usage: {@code ArraysInMemory [RUN] [EXAMPLES] [EPOCHS]}
 */
public final class ArraysInMemory {
    private ArraysInMemory() {}

    public static void main(String[] args) {
        Path run = Path.of(args.length > 0 ? args[0] : "runs/arrays");
        int examples = args.length > 1 ? Integer.parseInt(args[1]) : 2000;
        int epochs = args.length > 2 ? Integer.parseInt(args[2]) : 20;
        ArrayDataset train = flats(examples, 1);
        ArrayDataset test = flats(examples / 4, 2);

        Trainer trainer = Trainer.of(Sequential.of(dense(32, RELU), dense(1)))
                .optimizer(adam(1e-2))
                .loss(mse())
                .metrics(rmse(), r2())
                .fitPreprocessing(Normalization::zScore)
                .epochs(epochs)
                .validationSplit(0.2)
                .seed(42)
                .saveTo(run)
                .build();
        Checkpoint best = trainer.fit(train);
        System.out.println(Evaluator.evaluate(best, test, rmse(), meanAbsoluteError(), r2()));

        try (Predictor predictor = Predictor.of(best)) {
            double[] two = {55, 2, 1990, 110, 4, 2015}; // row after row, as they are: the checkpoint knows their scale
            Answers answers = predictor.answerRaw(two, 2);
            System.out.println(answers.rows().get(0).value() + " and "
                    + answers.rows().get(1).value());
        }
    }

    /** Area, rooms and year, three values an example, and the rent. */
    private static ArrayDataset flats(int examples, long seed) {
        SplittableRandom random = RandomState.of(seed).generator();
        float[] x = new float[3 * examples];
        float[] y = new float[examples];
        for (int i = 0; i < examples; i++) {
            double area = random.nextDouble(30, 150);
            int rooms = 1 + (int) (area / 35);
            int year = random.nextInt(1950, 2025);
            x[3 * i] = (float) area;
            x[3 * i + 1] = rooms;
            x[3 * i + 2] = year;
            y[i] = (float) (300 + 12 * area + 40 * rooms + 3 * (year - 1950) + 30 * random.nextGaussian());
        }
        return ArrayDataset.of(Field.floats("flat", Shape.of(3)), x, Field.floats("rent", Shape.of()), y);
    }
}

package dev.jumbo.examples;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.concatenate;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;
import static dev.jumbo.train.metrics.Metrics.accuracy;
import static dev.jumbo.train.metrics.Metrics.rocAuc;
import static dev.jumbo.train.optim.Optimizers.adam;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Normalization;
import dev.jumbo.data.Row;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.callbacks.ProgressLog;
import dev.jumbo.train.checkpoint.Checkpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A model with two inputs: the picture of a digit, and what somebody typed for it. Does it match?
 *
 * <p>Usage: {@code FunctionalGraph [RUN_DIR] [EXAMPLES] [EPOCHS]}
 */
public final class FunctionalGraph {
    private static final int PIXELS = Digits.SIZE * Digits.SIZE;
    private static final int CLASSES = 10;

    private FunctionalGraph() {}

    public static void main(String[] args) {
        Path run = Path.of(args.length > 0 ? args[0] : "runs/functional-graph");
        int examples = args.length > 1 ? Integer.parseInt(args[1]) : 12_000;
        int epochs = args.length > 2 ? Integer.parseInt(args[2]) : 6;

        Graph model = Graph.of(g -> {
            String picture = g.input("picture");
            String typed = g.input("typed");
            String seen = g.add(
                    "seen",
                    Sequential.of(
                            conv2d(16, 3, RELU), maxPool2d(2), conv2d(32, 3, RELU), maxPool2d(2), flatten(), dense(32)),
                    picture);
            String both = g.add("both", concatenate(), seen, typed);
            g.output(g.add("match", Sequential.of(dense(64, RELU), dense(2)), both));
        });
        Digits digits = Digits.draw(examples, 2000, 42);
        Trainer trainer = Trainer.of(model)
                .optimizer(adam(1e-3))
                .metrics(accuracy())
                .fitPreprocessing(Normalization::rescale) // of the first input: 0 to 255 becomes 0 to 1
                .epochs(epochs)
                .batchSize(64)
                .validationSplit(0.1)
                .seed(42)
                .saveTo(run)
                .callback(ProgressLog.create())
                .build();
        Checkpoint best = trainer.fit(withTyped(digits.train(), 1));
        System.out.println(Evaluator.evaluate(best, withTyped(digits.test(), 2), accuracy(), rocAuc()));
    }

    /** Each picture with a digit that is right in half of the cases. */
    private static Dataset withTyped(Dataset digits, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] pictures = new float[digits.size() * PIXELS];
        float[] typed = new float[digits.size() * CLASSES];
        long[] matches = new long[digits.size()];
        Row row = Row.single(digits);
        for (int i = 0; i < digits.size(); i++) {
            digits.read(i, row);
            System.arraycopy(row.floats(0), 0, pictures, i * PIXELS, PIXELS);
            int digit = (int) row.longs(1)[0];
            boolean right = random.nextBoolean();
            int text = right ? digit : (digit + random.nextInt(1, CLASSES)) % CLASSES;
            typed[i * CLASSES + text] = 1;
            matches[i] = right ? 1 : 0;
        }
        return ArrayDataset.of(
                List.of(
                        ArrayDataset.column(Field.floats("picture", Shape.of(1, Digits.SIZE, Digits.SIZE)), pictures),
                        ArrayDataset.column(Field.floats("typed", Shape.of(CLASSES)), typed)),
                List.of(ArrayDataset.column(Field.classId("match", List.of("no", "yes")), matches)));
    }
}

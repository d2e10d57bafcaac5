package dev.jumbo.train.plan.calibrate;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.data.Normalization;
import dev.jumbo.data.augment.Augmentations;
import dev.jumbo.error.FailureException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.TrainConfig;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.Optimizers;
import dev.jumbo.train.plan.cost.CalibratedCosts;
import dev.jumbo.train.plan.machine.Calibration;
import dev.jumbo.train.plan.machine.CalibrationProbes;
import dev.jumbo.train.plan.machine.Machine;
import dev.jumbo.train.plan.machine.ProcessPeak;
import dev.jumbo.train.plan.machine.Sample;
import dev.jumbo.train.plan.machine.Stopwatch;
import dev.jumbo.train.plan.memory.Sharding;
import dev.jumbo.train.plan.step.Passes;
import dev.jumbo.train.plan.step.Sharded;
import dev.jumbo.train.plan.work.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Measures this machine, by the layers, the loss, the optimizer and the loader that training uses. It takes about
 * half a minute for each precision.
 */
public final class Calibrator {
    private static final int CLASSES = 10;
    private static final int BATCH = 64;
    private static final double SECONDS = 0.02;

    /** A process that comes in between disturbs some of them; the figures are those of the round that was disturbed least. */
    private static final int ROUNDS = 3;

    private final boolean bf16;
    private final Stopwatch stopwatch;
    private final List<Sample> samples = new ArrayList<>();

    private final Consumer<String> progress;

    private Calibrator(boolean bf16, Stopwatch stopwatch, Consumer<String> progress) {
        this.progress = progress;
        this.bf16 = bf16;
        this.stopwatch = stopwatch;
    }

    /**
     * @param machine what the result will hold for
     * @param training a command that trains next to nothing in a process of its own, to see what a process takes
     * @param bf16 whether layers compute in bf16
     * @param directory for temporary files, on the disk that checkpoints go to
     * @param progress takes a line now and then
     */
    public static Calibration measure(
            String machine, List<String> training, boolean bf16, Path directory, Consumer<String> progress) {
        try (Stopwatch stopwatch = new Stopwatch(SECONDS)) {
            return new Calibrator(bf16, stopwatch, progress).measure(machine, training, directory);
        }
    }

    private Calibration measure(String machine, List<String> training, Path directory) {
        List<List<Sample>> rounds = new ArrayList<>();
        double[] reads = new double[ROUNDS];
        double[] augmentations = new double[ROUNDS];
        long start = System.nanoTime();
        for (int round = 0; round < ROUNDS; round++) {
            rounds.add(round());
            reads[round] = loaderSeconds(false);
            augmentations[round] = loaderSeconds(true) - reads[round];
            progress.accept("round " + (round + 1) + " of " + ROUNDS + " measured, "
                    + Math.round((System.nanoTime() - start) / 1e9) + " s");
        }
        samples.addAll(least(rounds));
        double read = least(reads);
        double augmented = least(augmentations);
        Machine measured = Machine.measure(directory);
        Calibration without = new Calibration(
                machine,
                samples,
                0,
                read,
                Math.max(0, augmented),
                ProcessPeak.of(training),
                measured.memory(),
                measured.storage(),
                measured.linkBytes(),
                measured.linkLatency());
        return new Calibration(
                machine,
                samples,
                stepOverhead(without),
                without.readSeconds(),
                without.augmentSeconds(),
                without.processBytes(),
                without.memoryBytes(),
                without.storage(),
                without.linkBytes(),
                without.linkLatency());
    }

    /** Every layer and everything around them, once. */
    private List<Sample> round() {
        for (CalibrationProbes.Probe probe : CalibrationProbes.of(bf16)) {
            samples.add(stopwatch.layer(probe, bf16));
        }
        updates();
        inputs();
        losses();
        List<Sample> all = List.copyOf(samples);
        samples.clear();
        return all;
    }

    private static List<Sample> least(List<List<Sample>> rounds) {
        return IntStream.range(0, rounds.get(0).size())
                .mapToObj(i -> rounds.get(0)
                        .get(i)
                        .withSeconds(
                                least(rounds, i, Sample::forward),
                                least(rounds, i, Sample::backward),
                                least(rounds, i, Sample::weightsOnly)))
                .toList();
    }

    private static double least(List<List<Sample>> rounds, int sample, ToDoubleFunction<Sample> time) {
        return least(rounds.stream()
                .mapToDouble(round -> time.applyAsDouble(round.get(sample)))
                .toArray());
    }

    private static double least(double[] values) {
        return Arrays.stream(values).min().orElseThrow();
    }

    private void pass(String kind, double values, double forward, double backward) {
        samples.add(new Sample(kind, bf16, values, 1, 1, values, forward, backward, backward));
    }

    /** Zeroing, gathering from bf16, Adam. */
    private void updates() {
        for (int side : new int[] {16, 256, 1024, 2800}) {
            Layer layer = Dense.of(side, Activation.LINEAR);
            try (Model model = Model.build(layer, Shape.of(side), RandomState.of(0))) {
                model.store().prepareTraining(bf16);
                try (OptimizerState optimizer = Optimizers.adam(1e-3).build(model.store())) {
                    double seconds = stopwatch.seconds(() -> update(model, optimizer));
                    pass("update", model.store().values().elements(), seconds, 0);
                }
            }
        }
    }

    private static void update(Model model, OptimizerState optimizer) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            model.store().zeroGradients();
            model.store().gatherGradients();
            optimizer.step(1e-3);
        }
    }

    /** From an array of the heap to the form of the computation. */
    private void inputs() {
        for (int values : new int[] {64, 50_000, 1_000_000}) {
            float[] array = new float[values];
            double seconds = stopwatch.seconds(() -> {
                try (Scope scope = Scope.open()) {
                    Functional.prepareInput(Tensor.of(array, Shape.of(values)), bf16 ? DType.BFLOAT16 : DType.FLOAT32);
                }
            });
            pass("input", values, seconds, 0);
        }
    }

    private void losses() {
        Loss loss = Losses.crossEntropy();
        for (int[] size : new int[][] {{8, 2}, {256, 10}, {1024, 256}, {2048, 2048}}) {
            int rows = size[0];
            int classes = size[1];
            long[] ids = IntStream.range(0, rows).mapToLong(i -> i % classes).toArray();
            float[] logits = new float[rows * classes];
            try (Scope scope = Scope.open()) {
                Tensor x = Tensor.of(logits, Shape.of(rows, classes));
                Tensor targets = Tensor.of(ids, Shape.of(rows));
                Stopwatch.Halves halves = stopwatch.repeat(() -> loss(loss, x, targets));
                pass("loss", logits.length, halves.first(), halves.second());
                double seconds = stopwatch.seconds(() -> {
                    try (Scope inner = Scope.open()) {
                        loss.predictions(x).toFloats();
                    }
                });
                pass("predictions", logits.length, seconds, 0);
            }
        }
    }

    private static long[] loss(Loss loss, Tensor x, Tensor targets) {
        try (Scope scope = Scope.open()) {
            Tensor leaf = x.detach().requiresGrad(true);
            long start = System.nanoTime();
            Tensor value = loss.of(leaf, targets);
            value.item();
            long between = System.nanoTime();
            value.backward();
            return new long[] {between - start, System.nanoTime() - between};
        }
    }

    /** Of one value, on the loader's thread. */
    private double loaderSeconds(boolean augmented) {
        Dataset data = examples(Shape.of(1, 28, 28), 8 * BATCH);
        Loader loader = Loader.of(data)
                .batchSize(BATCH)
                .shuffle(RandomState.of(0))
                .preprocessing(Normalization.zScore(data))
                .augmentations(augmented ? List.of(Augmentations.affine(12, 0.1, 8, 2)) : List.of())
                .build();
        double seconds = stopwatch.seconds(() -> {
            try (Loader.Epoch epoch = loader.epoch(0)) {
                while (epoch.hasNext()) {
                    Batch ignored = epoch.next();
                }
            }
        });
        return seconds / (8.0 * BATCH * 784);
    }

    private static Dataset examples(Shape shape, int count) {
        SplittableRandom random = new SplittableRandom(0);
        float[] values = new float[(int) (count * shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextDouble();
        }
        List<String> names =
                IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
        long[] ids = IntStream.range(0, count).mapToLong(i -> i % CLASSES).toArray();
        return ArrayDataset.of(Field.floats("x", shape), values, Field.classId("class", names), ids);
    }

    /** A small training, less what its operations take by the figures so far. */
    private double stepOverhead(Calibration figures) {
        Layer model = Sequential.of(Dense.of(32, Activation.RELU), Dense.of(CLASSES, Activation.LINEAR));
        Dataset data = examples(Shape.of(16), 300 * 32);
        Clock clock = new Clock();
        Path directory = temporary();
        TrainConfig config;
        try {
            var builder = Trainer.of(model)
                    .batchSize(32)
                    .epochs(3)
                    .precision(bf16 ? TrainConfig.Precision.BF16 : TrainConfig.Precision.FP32)
                    .saveTo(directory)
                    .callback(clock);
            config = builder.config();
            builder.build().fit(data);
        } finally {
            ProcessPeak.delete(directory);
        }
        Workload workload =
                new Workload(model, data.inputs(), data.targets(), data.size(), 0, config, Workload.Data.NONE);
        CalibratedCosts costs = new CalibratedCosts(figures, bf16);
        Sharded.Step step = new Sharded(workload, costs, Passes.of(workload, costs)).step(Sharding.DATA_PARALLEL, 1);
        return Math.max(0, clock.seconds() - step.seconds());
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("jumbo-plan");
        } catch (IOException e) {
            throw new FailureException("cannot write to the directory for temporary files: " + e, e);
        }
    }

    /** Times of steps, from the second epoch on. */
    private static final class Clock implements Callback {
        private final List<Double> steps = new ArrayList<>();
        private double last = -1;

        @Override
        public boolean showsProgress() {
            return true;
        }

        @Override
        public void onStep(TrainingState state) {
            double now = state.seconds();
            if (last >= 0 && state.epoch() > 0) {
                steps.add(now - last);
            }
            last = now;
        }

        double seconds() {
            Collections.sort(steps);
            return steps.get(steps.size() / 2);
        }
    }
}

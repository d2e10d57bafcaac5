package dev.jumbo.benchmarks;

import dev.jumbo.data.Batch;
import dev.jumbo.data.digits.Digits;
import dev.jumbo.nn.ExampleBatch;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.PerExampleGradients;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.Optimizers;

/**
 * Training steps of the article's network whose examples' gradients are each limited to a norm, beside plain steps, in turn.
 *
 * <p>Usage: {@code ExampleStep WARM_UP REPEATS STEPS}: the median of so many repeats of so many steps each
 */
public final class ExampleStep implements AutoCloseable {
    private static final double MAX_NORM = 1;

    private final RandomState random = RandomState.of(0);
    private final Model model = Model.build(Cnn.layers(), Cnn.IMAGE, random.derive("init"));
    private final Loss loss = Losses.crossEntropy();
    private final OptimizerState optimizer;
    private final PerExampleGradients perExample;
    private long step;

    private ExampleStep() {
        model.store().prepareTraining(false);
        optimizer = Optimizers.adam(1e-3).build(model.store());
        perExample = new PerExampleGradients(model);
    }

    public static void main(String[] args) {
        int warmUp = Integer.parseInt(args[0]);
        int repeats = Integer.parseInt(args[1]);
        int steps = Integer.parseInt(args[2]);
        Batch batch = Examples.firstBatch(Digits.draw(Cnn.BATCH, 0, 0).train());
        double[] plain = new double[repeats];
        double[] each = new double[repeats];
        double[] ratios = new double[repeats];
        try (StepLoop plainLoop = new StepLoop(false);
                ExampleStep exampleLoop = new ExampleStep()) {
            for (int repeat = -1; repeat < repeats; repeat++) {
                int times = repeat < 0 ? warmUp : steps;
                double plainSeconds = seconds(() -> plainLoop.step(batch), times);
                double eachSeconds = seconds(() -> exampleLoop.step(batch), times);
                if (repeat >= 0) {
                    plain[repeat] = plainSeconds;
                    each[repeat] = eachSeconds;
                    ratios[repeat] = eachSeconds / plainSeconds;
                }
            }
        }
        new Result()
                .put("plain_ms", 1e3 * Result.median(plain))
                .put("per_example_ms", 1e3 * Result.median(each))
                .put("ratio", Result.median(ratios))
                .print();
    }

    private static double seconds(Runnable step, int times) {
        long start = System.nanoTime();
        for (int i = 0; i < times; i++) {
            step.run();
        }
        return (System.nanoTime() - start) / 1e9 / Math.max(1, times);
    }

    /** As that of {@link StepLoop}, with the sum of clipped gradients in the place of the batch's. */
    private void step(Batch batch) {
        try (Scope scope = Scope.open()) {
            model.store().zeroGradients();
            random.derive(step++).seedTorch();
            Tensor x = batch.inputs().get(0).tensor();
            Tensor y = batch.targets().get(0).tensor();
            ExampleBatch examples = perExample.of(Pass.forTraining(), pass -> loss.of(model.forward(x, pass), y));
            examples.loss().item();
            try (Autograd off = Autograd.noGrad()) {
                Tensor norms = examples.norms().mul(Cnn.BATCH);
                examples.addSum(norms.add(1e-6).pow(-1).mul(MAX_NORM).clamp(0, 1));
                optimizer.step(1e-3);
            }
        }
    }

    @Override
    public void close() {
        perExample.close();
        optimizer.close();
        model.close();
    }
}

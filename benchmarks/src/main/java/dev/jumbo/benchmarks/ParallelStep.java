package dev.jumbo.benchmarks;

import dev.jumbo.dist.World;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.GradientHook;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.Optimizers;
import dev.jumbo.train.parallel.GradientBuckets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The trainer's step of one rank, in parts that are timed: forward pass and loss, backward pass with communication, Adam. */
final class ParallelStep implements AutoCloseable {
    private static final int WARM_UP = 5;

    private final Model model;
    private final Loss loss = Losses.crossEntropy();
    private final OptimizerState optimizer;
    private final GradientBuckets buckets;
    private final Shape batch;
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<GradientHook> hooks = new ArrayList<>();
    private final double leastBucketBytes;
    private long backwardStart;
    private boolean warm;

    /** When gradients of so many bytes, and all behind them, have been added up: seconds since the backward pass began. */
    private static final class Arrival {
        private final double bytes;
        private double seconds;

        Arrival(double bytes) {
            this.bytes = bytes;
        }
    }

    /** Medians, in seconds. */
    record Times(double forward, double backward, double optimizer, double step) {
        /** Of several runs. */
        static Times median(List<Times> runs) {
            return new Times(
                    median(runs, Times::forward),
                    median(runs, Times::backward),
                    median(runs, Times::optimizer),
                    median(runs, Times::step));
        }

        private static double median(List<Times> runs, ToDoubleFunction<Times> part) {
            return Result.median(runs.stream().mapToDouble(part).toArray());
        }
    }

    ParallelStep(World world, Layer layers, Shape input, int examples, double bucketMegabytes) {
        model = Model.build(layers, input, RandomState.of(0));
        model.store().prepareTraining(false);
        optimizer = Optimizers.adam(1e-3).build(model.store());
        buckets = new GradientBuckets(world, model.store(), bucketMegabytes);
        batch = input.prepend(examples);
        leastBucketBytes = bucketMegabytes * 1e6;
        if (world.size() == 1) {
            watchArrivals();
        }
    }

    /** A gradient is there when the next one comes. */
    private void watchArrivals() {
        List<Parameter> weights = weights();
        for (int i = weights.size() - 1; i >= 0; i--) {
            Arrival before = i == weights.size() - 1 ? null : arrivals.get(arrivals.size() - 1);
            arrivals.add(new Arrival(bytes(weights.get(i))));
            if (before != null) {
                GradientHook hook =
                        GradientHook.listening(() -> before.seconds = (System.nanoTime() - backwardStart) / 1e9);
                weights.get(i).tensor().onGradient(hook);
                hooks.add(hook);
            }
        }
    }

    private List<Parameter> weights() {
        return model.store().trainable().stream()
                .filter(p -> p.role() == Parameter.Role.WEIGHT)
                .toList();
    }

    private static double bytes(Parameter parameter) {
        return (double) Float.BYTES * parameter.shape().elements();
    }

    Times run(int steps) {
        double[][] seconds = new double[4][steps];
        int warmUp = warm ? 1 : WARM_UP;
        warm = true;
        for (int i = -warmUp; i < steps; i++) {
            long start = System.nanoTime();
            long forward;
            long backward;
            try (Scope scope = Scope.open()) {
                model.store().zeroGradients();
                Tensor x = Tensor.ones(batch);
                Tensor y = Tensor.of(new long[(int) batch.size(0)], Shape.of(batch.size(0)));
                Tensor value = loss.of(model.forward(x, Pass.forTraining(null, buckets::follow)), y);
                value.item();
                forward = System.nanoTime();
                backwardStart = forward;
                buckets.begin();
                value.backward();
                try (Autograd off = Autograd.noGrad()) {
                    buckets.finish();
                    backward = System.nanoTime();
                    optimizer.step(1e-3);
                }
            }
            long end = System.nanoTime();
            if (i >= 0) {
                seconds[0][i] = (forward - start) / 1e9;
                seconds[1][i] = (backward - forward) / 1e9;
                seconds[2][i] = (end - backward) / 1e9;
                seconds[3][i] = (end - start) / 1e9;
            }
        }
        double[] medians = Arrays.stream(seconds).mapToDouble(Result::median).toArray();
        return new Times(medians[0], medians[1], medians[2], medians[3]);
    }

    /** The sizes of the buckets in the order in which they leave. */
    List<Double> bucketBytes() {
        double all = (double) Float.BYTES * model.store().gradients().elements();
        if (all <= leastBucketBytes) {
            return List.of(all);
        }
        List<Double> sizes = new ArrayList<>();
        List<Parameter> weights = weights();
        double left = all;
        double size = 0;
        for (int i = weights.size() - 1; i >= 0; i--) {
            size += bytes(weights.get(i));
            if (size >= leastBucketBytes || i == 0) {
                sizes.add(size);
                left -= size;
                size = 0;
            }
        }
        if (left > 0) {
            sizes.add(left);
        }
        return sizes;
    }

    /** Seconds from the start of the backward pass until the last gradients of so many bytes are there; of the last step. */
    double secondsUntil(double bytes) {
        double sum = 0;
        for (Arrival arrival : arrivals) {
            sum += arrival.bytes;
            if (sum >= bytes) {
                return arrival.seconds;
            }
        }
        return 0;
    }

    @Override
    public void close() {
        buckets.close();
        hooks.forEach(GradientHook::close);
        optimizer.close();
        model.close();
    }
}

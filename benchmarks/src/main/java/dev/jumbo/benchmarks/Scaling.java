package dev.jumbo.benchmarks;

import static dev.jumbo.nn.layers.Layers.dense;

import dev.jumbo.dist.Environment;
import dev.jumbo.dist.Placement;
import dev.jumbo.dist.Rendezvous;
import dev.jumbo.dist.World;
import dev.jumbo.dist.Worlds;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One rank of a measurement of how well data-parallel training scales. In turn, all ranks do steps without
 * communication, at the same time, so that they disturb each other as they do with it, and steps with it. Beside the measured
 * step stands the model {@code T_N = T_forward + max(T_backward, T_first + T_communication) + T_last + T_optimizer}, where
 * {@code T_first} is the time from the start of the backward pass until the first bucket of gradients is there, {@code
 * T_communication} the ring formula over all buckets but the last, and {@code T_last} that of the last one.
 *
 * <p>Usage: {@code Scaling cnn|mlp BATCH STEPS BUCKET_MB BYTES_PER_SECOND}: the batch of each rank; 0 bytes per second for
 * what an all-reduce of all gradients at once shows here
 */
public final class Scaling {
    private static final int PROBES = 21;
    private static final int LATENCY_PROBES = 51;
    private static final int ROUNDS = 5;

    private Scaling() {}

    public static void main(String[] args) {
        Placement placement = Environment.placement(System.getenv())
                .orElseThrow(() -> new InputException("expected RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT"));
        int batch = Integer.parseInt(args[1]);
        int steps = Integer.parseInt(args[2]);
        double bucketMegabytes = Double.parseDouble(args[3]);
        try (World world = Worlds.join(placement, Rendezvous.fixed(), Device.CPU, Duration.ofSeconds(60))) {
            measure(world, args[0], batch, steps, bucketMegabytes, Double.parseDouble(args[4]));
            world.barrier();
        }
    }

    private static void measure(
            World world, String model, int batch, int steps, double bucketMegabytes, double bytesPerSecond) {
        boolean cnn = model.equals("cnn");
        Layer layers = cnn ? Cnn.layers() : perceptron();
        Shape input = cnn ? Cnn.IMAGE : Shape.of(1024);
        double latency = seconds(world, 1, LATENCY_PROBES);
        try (ParallelStep alone = new ParallelStep(World.single(), layers, input, batch, bucketMegabytes);
                ParallelStep together = new ParallelStep(world, layers, input, batch, bucketMegabytes)) {
            List<ParallelStep.Times> ones = new ArrayList<>();
            List<ParallelStep.Times> alls = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                // Whoever computes while the others wait would have the memory to itself.
                world.barrier();
                ones.add(alone.run(steps));
                world.barrier();
                alls.add(together.run(steps));
            }
            ParallelStep.Times one = ParallelStep.Times.median(ones);
            ParallelStep.Times all = ParallelStep.Times.median(alls);
            List<Double> buckets = together.bucketBytes();
            double rate = bytesPerSecond > 0 ? bytesPerSecond : rate(world, sum(buckets), latency);
            // The weights of the first layer, and biases, are there only when the backward pass is over.
            int late = Math.min(buckets.size(), 2);
            double last = sum(buckets.subList(buckets.size() - late, buckets.size()));
            double others = sum(buckets) - last;
            Ring ring = new Ring(world.size(), latency, rate);
            int early = buckets.size() - late;
            double communication = early == 0 ? 0 : ring.seconds(others) + (early - 1) * latency;
            double predicted = one.forward()
                    + Math.max(one.backward(), alone.secondsUntil(buckets.get(0)) + communication)
                    + ring.seconds(last)
                    + (late - 1) * latency
                    + one.optimizer();
            if (world.isFirst()) {
                new Result()
                        .put("ranks", world.size())
                        .put("buckets", buckets.size())
                        .put("gradient_mb", (others + last) / 1e6)
                        .put("latency_s", latency)
                        .put("mb_per_s", rate / 1e6)
                        .put("one_step_s", one.step())
                        .put("forward_s", one.forward())
                        .put("backward_s", one.backward())
                        .put("optimizer_s", one.optimizer())
                        .put("step_s", all.step())
                        .put("predicted_s", predicted)
                        .put("predicted_over_measured", predicted / all.step())
                        .put("efficiency", one.step() / all.step())
                        .print();
            }
        }
    }

    /** Bytes per second of one all-reduce of so many bytes, less its latency. */
    private static double rate(World world, double bytes, double latency) {
        double factor = 2.0 * (world.size() - 1) / world.size();
        return factor * bytes / (seconds(world, (int) (bytes / Float.BYTES), PROBES) - latency);
    }

    /** The time of an all-reduce of some bytes on a ring. */
    private record Ring(int ranks, double latency, double bytesPerSecond) {
        double seconds(double bytes) {
            // The latency is that of a whole all-reduce of one value: 2 (N-1) a.
            return latency + 2.0 * (ranks - 1) / ranks * bytes / bytesPerSecond;
        }
    }

    private static double sum(List<Double> bytes) {
        return bytes.stream().mapToDouble(Double::doubleValue).sum();
    }

    private static Layer perceptron() {
        return Sequential.of(
                dense(1024, Activation.RELU),
                dense(1024, Activation.RELU),
                dense(1024, Activation.RELU),
                dense(1024, Activation.RELU),
                dense(10));
    }

    private static double seconds(World world, int elements, int repeats) {
        double[] seconds = new double[repeats];
        for (int i = 0; i < repeats; i++) {
            try (Scope scope = Scope.open()) {
                Tensor tensor = Tensor.zeros(Shape.of(elements));
                world.barrier();
                long start = System.nanoTime();
                world.allReduceSum(tensor).await();
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
        }
        return Result.median(seconds);
    }
}

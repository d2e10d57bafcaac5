package dev.jumbo.benchmarks;

import static dev.jumbo.nn.Activation.RELU;
import static dev.jumbo.nn.layers.Layers.conv2d;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.maxPool2d;

import dev.jumbo.dist.Environment;
import dev.jumbo.dist.Placement;
import dev.jumbo.dist.Rendezvous;
import dev.jumbo.dist.World;
import dev.jumbo.dist.Worlds;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.Summary;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.parallel.GradientBuckets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One rank of a measurement of what overlapping communication with back-propagation gives: seconds of forward and backward
 * pass, with the gradients summed over the ranks in buckets of several sizes, all at once, or not at all. Convolutions
 * compute while the gradients of the dense layer, most of all bytes, travel. Rank 0 prints the result.
 *
 * <p>Usage: {@code Overlap ROUNDS STEPS bf16|fp32}: the fastest of so many rounds of so many
 * steps each, the variants in turn; the fastest is what is left when other processes of the machine were quiet
 */
public final class Overlap {
    private static final int BATCH = 128;
    private static final Shape IMAGE = Shape.of(1, 28, 28);
    private static final List<Double> BUCKETS_MB = List.of(1e6, 4.0, 1.0, 0.25);

    private final World world;
    private final Tensor images;
    private final Tensor classes;
    private final int steps;
    private final boolean bf16;

    private Overlap(World world, Tensor images, Tensor classes, int steps, boolean bf16) {
        this.world = world;
        this.images = images;
        this.classes = classes;
        this.steps = steps;
        this.bf16 = bf16;
    }

    static Layer layers() {
        return Sequential.of(
                conv2d(32, 3, RELU),
                maxPool2d(2),
                conv2d(64, 3, RELU),
                conv2d(64, 3, RELU),
                conv2d(64, 3, RELU),
                flatten(),
                dense(384, RELU),
                dense(10));
    }

    public static void main(String[] args) {
        int rounds = Integer.parseInt(args[0]);
        int steps = Integer.parseInt(args[1]);
        Placement placement = Environment.placement(System.getenv())
                .orElseThrow(() -> new InputException("expected RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT"));
        try (World world = Worlds.join(placement, Rendezvous.fixed(), Device.CPU, Duration.ofSeconds(60));
                Scope scope = Scope.open()) {
            RandomState.of(world.rank()).seedTorch();
            Tensor images = Tensor.randn(IMAGE.prepend(BATCH));
            Tensor classes = Tensor.of(new long[BATCH], Shape.of(BATCH));
            new Overlap(world, images, classes, steps, args[2].equals("bf16")).measure(rounds);
        }
    }

    private void measure(int rounds) {
        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            boolean kept = round > 0; // The first one warms up.
            record(seconds, "no_communication_s", World.single(), 1e6, kept);
            for (double megabytes : BUCKETS_MB) {
                record(
                        seconds,
                        megabytes >= 1e6 ? "all_at_once_s" : "buckets_" + megabytes + "_mb_s",
                        world,
                        megabytes,
                        kept);
            }
        }
        if (world.isFirst()) {
            Result result = new Result()
                    .put("ranks", world.size())
                    .put(
                            "gradient_mb",
                            4e-6 * Summary.of(layers(), Specs.of(IMAGE)).parameters());
            seconds.forEach((name, all) -> result.put(name, Collections.min(all)));
            result.print();
        }
        world.barrier();
    }

    private void record(Map<String, List<Double>> into, String name, World used, double megabytes, boolean kept) {
        double seconds = secondsOfStep(used, megabytes);
        if (kept) {
            into.computeIfAbsent(name, n -> new ArrayList<>()).add(seconds);
        }
    }

    private double secondsOfStep(World used, double megabytes) {
        try (Model model = Model.build(layers(), IMAGE, RandomState.of(1))) {
            model.store().prepareTraining(bf16);
            try (GradientBuckets buckets = new GradientBuckets(used, model.store(), megabytes)) {
                step(model, buckets);
                world.barrier();
                long start = System.nanoTime();
                for (int i = 0; i < steps; i++) {
                    step(model, buckets);
                }
                return (System.nanoTime() - start) / 1e9 / steps;
            }
        }
    }

    private void step(Model model, GradientBuckets buckets) {
        try (Scope scope = Scope.open()) {
            model.store().zeroGradients();
            Tensor loss =
                    Losses.crossEntropy().of(model.forward(images, Pass.forTraining(null, buckets::follow)), classes);
            buckets.begin();
            loss.backward();
            buckets.finish();
        }
    }
}

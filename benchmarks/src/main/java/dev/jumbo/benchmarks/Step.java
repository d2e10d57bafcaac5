package dev.jumbo.benchmarks;

import dev.jumbo.data.Batch;
import dev.jumbo.data.digits.Digits;

/**
 * Images a second in the training step of the article's network, batch 64, in fp32 and in bf16; and the share of the
 * machine's fp32 matrix peak that the step's products reach.
 *
 * <p>Usage: {@code Step WARM_UP REPEATS STEPS}: the median of so many repeats of so many steps each
 */
public final class Step {
    private Step() {}

    public static void main(String[] args) {
        int warmUp = Integer.parseInt(args[0]);
        int repeats = Integer.parseInt(args[1]);
        int steps = Integer.parseInt(args[2]);
        Batch batch = Examples.firstBatch(Digits.draw(Cnn.BATCH, 0, 0).train());
        double fp32 = secondsOfStep(batch, false, warmUp, repeats, steps);
        double bf16 = secondsOfStep(batch, true, warmUp, repeats, steps);
        new Result()
                .put("fp32_images_per_s", Cnn.BATCH / fp32)
                .put("bf16_images_per_s", Cnn.BATCH / bf16)
                .put("mflop_of_step", Cnn.flopsOfStep() / 1e6)
                .put("fp32_gflops", Cnn.flopsOfStep() / fp32 / 1e9)
                .put("peak_gflops", MatrixPeak.gflops(repeats))
                .print();
    }

    private static double secondsOfStep(Batch batch, boolean bf16, int warmUp, int repeats, int steps) {
        try (StepLoop loop = new StepLoop(bf16)) {
            for (int i = 0; i < warmUp; i++) {
                loop.step(batch);
            }
            double[] seconds = new double[repeats];
            for (int repeat = 0; repeat < repeats; repeat++) {
                long start = System.nanoTime();
                for (int i = 0; i < steps; i++) {
                    loop.step(batch);
                }
                seconds[repeat] = (System.nanoTime() - start) / 1e9 / steps;
            }
            return Result.median(seconds);
        }
    }
}

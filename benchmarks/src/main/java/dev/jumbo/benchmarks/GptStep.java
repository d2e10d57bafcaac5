package dev.jumbo.benchmarks;

import dev.jumbo.models.Gpt2;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.optim.AdamW;
import dev.jumbo.train.optim.GradientClipping;
import dev.jumbo.train.optim.OptimizerState;
import java.util.SplittableRandom;

/**
 * Tokens a second in a training step of a small GPT-2, nanoGPT's character model: 6 layers, 6 heads, 384 wide, context 256, a vocabulary of
 * 65; AdamW with gradients clipped to a norm of 1, no dropout. Its twin is {@code gpt_steps.py}.
 *
 * <p>Usage: {@code GptStep fp32|bf16 BATCH WARM_UP REPEATS STEPS}: the median of so many repeats of so many steps each
 */
public final class GptStep implements AutoCloseable {
    private static final int CONTEXT = 256;
    private static final int VOCABULARY = 65;
    private static final Gpt2 GPT = new Gpt2(VOCABULARY, CONTEXT, 384, 6, 6, 0);
    private static final Specs INPUT = Specs.of(Spec.ids(CONTEXT));

    private final RandomState random = RandomState.of(0);
    private final Model model = Model.build(GPT.layer(), INPUT, random.derive("init"));
    private final OptimizerState optimizer;
    private final long[] text;
    private final int batch;
    private long step;

    private GptStep(boolean bf16, int batch) {
        this.batch = batch;
        model.store().prepareTraining(bf16);
        optimizer = new AdamW(1e-3, 0.9, 0.99, 1e-8, 0.1, false).build(model.store());
        text = new SplittableRandom(0)
                .longs((long) batch * (CONTEXT + 1), 0, VOCABULARY)
                .toArray();
    }

    public static void main(String[] args) {
        boolean bf16 = args[0].equals("bf16");
        int batch = Integer.parseInt(args[1]);
        int warmUp = Integer.parseInt(args[2]);
        double[] seconds = new double[Integer.parseInt(args[3])];
        int steps = Integer.parseInt(args[4]);
        double loss = 0;
        double parameters;
        try (GptStep gpt = new GptStep(bf16, batch)) {
            parameters = gpt.model.store().whole().length();
            for (int i = 0; i < warmUp; i++) {
                gpt.step();
            }
            for (int repeat = 0; repeat < seconds.length; repeat++) {
                long start = System.nanoTime();
                for (int i = 0; i < steps; i++) {
                    loss = gpt.step();
                }
                seconds[repeat] = (System.nanoTime() - start) / 1e9 / steps;
            }
        }
        double median = Result.median(seconds);
        // Backward passes multiply twice for each product of the forward pass.
        double flops = 3.0 * batch * GPT.layer().flops(INPUT);
        new Result()
                .put(args[0] + "_tokens_per_s", batch * CONTEXT / median)
                .put("parameters", parameters)
                .put("mflop_of_token", flops / batch / CONTEXT / 1e6)
                .put(args[0] + "_gflops", flops / median / 1e9)
                .put(args[0] + "_peak_gflops", MatrixPeak.gflops(seconds.length, bf16 ? DType.BFLOAT16 : DType.FLOAT32))
                .put("loss", loss)
                .print();
    }

    private double step() {
        try (Scope scope = Scope.open()) {
            model.store().zeroGradients();
            random.derive(step++).seedTorch();
            Tensor windows = Tensor.of(text, Shape.of(batch, CONTEXT + 1));
            Tensor tokens = windows.narrow(1, 0, CONTEXT).contiguous();
            Tensor next = windows.narrow(1, 1, CONTEXT).contiguous();
            Tensor loss = Losses.sequenceCrossEntropy(-100).of(model.forward(tokens, Pass.forTraining()), next);
            double value = loss.item();
            loss.backward();
            model.store().gatherGradients();
            try (Autograd off = Autograd.noGrad()) {
                GradientClipping.byNorm(1).apply(model.store().gradients());
                optimizer.step(1e-3);
            }
            return value;
        }
    }

    @Override
    public void close() {
        optimizer.close();
        model.close();
    }
}

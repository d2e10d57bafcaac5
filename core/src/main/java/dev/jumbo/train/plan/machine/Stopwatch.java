package dev.jumbo.train.plan.machine;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** Times layers as training runs them, each by itself. */
public final class Stopwatch implements AutoCloseable {
    private static final int LEAST = 5;
    private static final int MOST = 300;
    private static final double NANO = 1e-9;

    private final double budget;
    private final Tensor others;

    /** @param budget seconds for one figure, the warm-up not counted */
    public Stopwatch(double budget) {
        this.budget = budget;
        try (Scope scope = Scope.open()) {
            others = Tensor.zeros(Shape.of(Math.max(1, Caches.largest() / Float.BYTES)))
                    .retain();
        }
    }

    /**
     * Leaves the caches as a training step leaves them to its next operation: full of what other operations use. With the
     * caches to themselves, layers take up to a third less time than in a training (docs/plan.md).
     */
    private void fillCaches() {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            others.sum();
        }
    }

    @Override
    public void close() {
        others.close();
    }

    /** Seconds of the two halves of a repeated piece of work. */
    public record Halves(double first, double second) {}

    /** Runs a piece of work; in nanoseconds of its two halves. */
    public interface Work {
        long[] run();
    }

    /** A layer's forward and backward pass, for a batch. */
    public Sample layer(CalibrationProbes.Probe probe, boolean bf16) {
        AtomicReference<Tensor> output = new AtomicReference<>();
        Layer captured = new Captured(probe.layer(), output);
        try (Model model = Model.build(captured, probe.input(), RandomState.of(0));
                Scope scope = Scope.open()) {
            model.store().prepareTraining(bf16);
            Tensor x = input(probe, bf16);
            Tensor gradient = gradient(model, x, output);
            boolean hasWeights = model.store().values().elements() > 0;
            boolean takesGradient = !probe.ids();
            Halves whole = repeat(() -> pass(model, x, gradient, output, takesGradient));
            Halves weights =
                    takesGradient && hasWeights ? repeat(() -> pass(model, x, gradient, output, false)) : whole;
            double forward = probe.layer() instanceof CalibrationProbes.InPlace
                    ? repeat(() -> forward(model, x)).first()
                    : whole.first();
            Operation operation = probe.operation();
            return new Sample(
                    Measured.kind(operation),
                    bf16,
                    Measured.rows(operation, probe.examples()),
                    operation.size().inner(),
                    operation.size().outer(),
                    Measured.work(operation, probe.examples()),
                    forward,
                    whole.second(),
                    weights.second());
        }
    }

    private static Tensor input(CalibrationProbes.Probe probe, boolean bf16) {
        Shape batch = probe.input().prepend(probe.examples());
        if (probe.ids()) {
            long[] ids = new long[(int) batch.elements()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = i * 7919L % 8192;
            }
            return Tensor.of(ids, batch);
        }
        RandomState.of(1).seedTorch();
        return Functional.prepareInput(Tensor.randn(batch), bf16 ? DType.BFLOAT16 : DType.FLOAT32);
    }

    private static Tensor gradient(Model model, Tensor x, AtomicReference<Tensor> output) {
        model.forward(x, Pass.forTraining());
        return Objects.requireNonNull(output.get()).detach().copy();
    }

    private long[] pass(Model model, Tensor x, Tensor gradient, AtomicReference<Tensor> output, boolean inputGradient) {
        long start;
        long between;
        long end;
        try (Scope scope = Scope.open()) {
            Tensor leaf = x.detach();
            if (inputGradient) {
                leaf.requiresGrad(true);
            }
            fillCaches();
            start = System.nanoTime();
            model.forward(leaf, Pass.forTraining());
            long paused = System.nanoTime();
            fillCaches();
            between = System.nanoTime();
            start += between - paused;
            Objects.requireNonNull(output.get()).backward(gradient);
            end = System.nanoTime();
        }
        long freed = System.nanoTime() - end;
        return new long[] {between - start + freed, end - between};
    }

    private long[] forward(Model model, Tensor x) {
        fillCaches();
        long start = System.nanoTime();
        try (Scope scope = Scope.open()) {
            model.forward(x.detach(), Pass.inference());
        }
        return new long[] {System.nanoTime() - start, 0};
    }

    /** A piece of work that has no halves. */
    public double seconds(Runnable work) {
        return repeat(() -> {
                    fillCaches();
                    long start = System.nanoTime();
                    work.run();
                    return new long[] {System.nanoTime() - start, 0};
                })
                .first();
    }

    /** The median of many runs, as it is the median of a training's steps that a plan tells. */
    public Halves repeat(Work work) {
        long warm = System.nanoTime();
        for (int i = 0; i < 3 || (System.nanoTime() - warm) * NANO < budget / 3 && i < MOST; i++) {
            work.run();
        }
        List<Long> first = new ArrayList<>();
        List<Long> second = new ArrayList<>();
        long start = System.nanoTime();
        while (first.size() < LEAST || ((System.nanoTime() - start) * NANO < budget && first.size() < MOST)) {
            long[] halves = work.run();
            first.add(halves[0]);
            second.add(halves[1]);
        }
        return new Halves(median(first), median(second));
    }

    private static double median(List<Long> nanos) {
        Collections.sort(nanos);
        return nanos.get(nanos.size() / 2) * NANO;
    }

    /** A layer whose result is taken out before the model converts it. */
    private record Captured(Layer layer, AtomicReference<Tensor> output) implements Layer {
        @Override
        public Specs outputs(Specs in) {
            return Specs.of(Shape.of());
        }

        @Override
        public long flops(Specs in) {
            return layer.flops(in);
        }

        @Override
        public List<Operation> work(Specs in, Compute how) {
            return layer.work(in, how);
        }

        @Override
        public Network build(Specs in, Parameters into) {
            Network network = layer.build(in, into);
            return (xs, pass) -> {
                output.set(network.forward(xs, pass).main());
                return Tensors.of(Tensor.empty(Shape.of(1), DType.FLOAT32));
            };
        }
    }
}

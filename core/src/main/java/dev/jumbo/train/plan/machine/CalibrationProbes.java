package dev.jumbo.train.plan.machine;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Cost;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.UnaryLayer;
import dev.jumbo.nn.UnaryNetwork;
import dev.jumbo.nn.layers.basic.ActivationLayer;
import dev.jumbo.nn.layers.basic.BatchNorm;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Dropout;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.conv.AvgPool2d;
import dev.jumbo.nn.layers.conv.Conv2d;
import dev.jumbo.nn.layers.conv.DepthwiseConv2d;
import dev.jumbo.nn.layers.conv.MaxPool2d;
import dev.jumbo.nn.layers.conv.Padding;
import dev.jumbo.nn.layers.conv.Size2d;
import dev.jumbo.nn.layers.sequence.AttentionWork;
import dev.jumbo.nn.layers.sequence.Gru;
import dev.jumbo.nn.layers.sequence.LayerNorm;
import dev.jumbo.nn.layers.sequence.Lstm;
import dev.jumbo.nn.layers.sequence.RmsNorm;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Attentions;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** Which layers of which sizes are timed: for each kind first one so small that it shows what a call costs. */
public final class CalibrationProbes {
    private static final int PIXELS = 784;
    private static final int CHANNELS = 32;

    private final boolean bf16;
    private final List<Probe> all = new ArrayList<>();

    /**
     * @param input of one example
     * @param ids whether the input is ids
     * @param operation what the layer counts as, for one example
     */
    public record Probe(Layer layer, Shape input, int examples, boolean ids, Operation operation) {}

    private CalibrationProbes(boolean bf16) {
        this.bf16 = bf16;
    }

    public static List<Probe> of(boolean bf16) {
        CalibrationProbes probes = new CalibrationProbes(bf16);
        probes.convolutions();
        probes.dense();
        probes.sequences();
        probes.passes();
        return probes.all;
    }

    private void convolutions() {
        convolution(4, 8, 8, 3, 6);
        convolution(64, 1, 32, 3, 28);
        convolution(64, 3, 32, 3, 32);
        convolution(64, 32, 32, 3, 28);
        convolution(64, 32, 64, 3, 13);
        convolution(32, 20, 20, 3, 28); // Channels that are no multiple of the vectors' length.
        convolution(32, 20, 20, 3, 14);
        convolution(32, 40, 40, 3, 7);
        convolution(64, 64, 64, 3, 14);
        convolution(64, 64, 64, 1, 14);
        convolution(64, 128, 128, 3, 7);
        convolution(16, 128, 128, 3, 28);
        convolution(16, 256, 256, 3, 8);
        for (int side : new int[] {4, 14, 28}) {
            add(
                    DepthwiseConv2d.of(Size2d.of(3), Activation.LINEAR),
                    Shape.of(CHANNELS, side, side),
                    side == 4 ? 2 : 64);
        }
    }

    private void convolution(int examples, int channels, int filters, int kernel, int side) {
        Layer layer = Conv2d.of(filters, Size2d.of(kernel), Activation.LINEAR).withPadding(Padding.same());
        add(layer, Shape.of(channels, side, side), examples);
    }

    private void dense() {
        dense(8, 16, 16);
        dense(64, 784, 128);
        dense(64, 1600, 128);
        dense(256, 128, 64);
        dense(256, 512, 512);
        dense(64, 1024, 1024); // Few rows: time goes with the weights as well as with the products.
        dense(256, 1024, 1024);
        dense(64, 2048, 2048);
        dense(256, 2048, 2048);
        dense(32, 4096, 4096); // More than most caches hold.
        dense(1024, 256, 1024);
        dense(2048, 128, 384);
        dense(2048, 512, 2048);
        dense(1024, 256, 8192);
        dense(8, 16, 2);
        dense(64, 128, 10);
        dense(256, 64, 2);
        dense(1024, 1024, 10);
    }

    private void dense(int rows, int in, int units) {
        add(Dense.of(units, Activation.LINEAR), Shape.of(in), rows);
    }

    private void sequences() {
        recurrent(8, 8, 8, 8);
        recurrent(32, 28, 28, 64);
        recurrent(64, 32, 64, 128);
        recurrent(64, 16, 128, 256);
        attention(1, 8, 1, 16);
        attention(16, 64, 4, 32);
        attention(8, 256, 8, 32);
        attention(4, 512, 8, 64);
    }

    private void recurrent(int examples, int steps, int features, int units) {
        add(new Lstm(units, false, false, 1, 0), Shape.of(steps, features), examples);
        add(new Gru(units, false, false, 1, 0), Shape.of(steps, features), examples);
    }

    private void attention(int examples, int steps, int heads, int d) {
        Operation counted = AttentionWork.core(heads, 0, steps, (long) heads * d, new Compute(bf16, false));
        all.add(new Probe(new Core(heads), Shape.of(steps, 3L * heads * d), examples, false, counted));
    }

    private void passes() {
        passes("relu", n -> new InPlace(Activation.RELU));
        passes("gelu", n -> new ActivationLayer(Activation.GELU));
        passes("tanh", n -> new ActivationLayer(Activation.TANH));
        passes("sigmoid", n -> new ActivationLayer(Activation.SIGMOID));
        passes("dropout", n -> new Dropout(0.5));
        passes("add", n -> new Twice());
        for (int side : new int[] {2, 14, 28, 56}) {
            int examples = side == 2 ? 2 : 64;
            Shape image = Shape.of(CHANNELS, side, side);
            add(MaxPool2d.of(2), image, examples);
            add(new AvgPool2d(Size2d.of(2), null, Padding.valid()), image, examples);
            add(new BatchNorm(0.1, 1e-5), image, examples);
        }
        for (int steps : new int[] {2, 64, 1024}) {
            int examples = steps == 2 ? 1 : 16;
            add(new LayerNorm(1e-5), Shape.of(steps, 128), examples);
            add(new RmsNorm(1e-6), Shape.of(steps, 128), examples);
            Layer table = Embedding.of(8192, 128);
            Shape ids = Shape.of(steps);
            Operation counted =
                    Cost.of(table, Specs.of(ids), new Compute(bf16, false)).get(0);
            all.add(new Probe(table, ids, examples, true, counted));
        }
    }

    private void passes(String kind, LongFunction<Layer> layer) {
        for (long values : new long[] {16, PIXELS, (long) CHANNELS * PIXELS, 4L * CHANNELS * PIXELS}) {
            Operation counted = Operation.pass("", kind, values, values, Operation.Kept.NOTHING);
            all.add(new Probe(layer.apply(values), Shape.of(values), values == 16 ? 4 : 64, false, counted));
        }
    }

    private void add(Layer layer, Shape input, int examples) {
        all.add(new Probe(
                layer,
                input,
                examples,
                false,
                Cost.of(layer, Specs.of(input), new Compute(bf16, false)).get(0)));
    }

    /** What lies between the projections of an attention. */
    private record Core(int heads) implements UnaryLayer {
        @Override
        public Shape outputShape(Shape input) {
            return input.with(-1, input.size(-1) / 3);
        }

        @Override
        public long flops(Shape input) {
            return 4 * input.size(0) * input.size(0) * (input.size(1) / 3);
        }

        @Override
        public UnaryNetwork build(Shape input, Parameters into) {
            return (x, pass) -> Attentions.self(x, heads, false, 0);
        }
    }

    /** A function of a fresh result, which it overwrites where the forward pass alone is timed. */
    public record InPlace(Activation function) implements UnaryLayer {
        @Override
        public Shape outputShape(Shape input) {
            return input;
        }

        @Override
        public long flops(Shape input) {
            return input.elements();
        }

        @Override
        public UnaryNetwork build(Shape input, Parameters into) {
            return (x, pass) -> pass.training() ? function.apply(x) : function.apply_(x);
        }
    }

    /** A sum of two results. */
    private record Twice() implements UnaryLayer {
        @Override
        public Shape outputShape(Shape input) {
            return input;
        }

        @Override
        public long flops(Shape input) {
            return input.elements();
        }

        @Override
        public UnaryNetwork build(Shape input, Parameters into) {
            return (x, pass) -> x.add(x);
        }
    }
}

package dev.jumbo.nn.layers.sequence;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Initializer.Fans;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layout;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.nn.work.Operation.Size;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Recurrences;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What LSTM and GRU have in common: the shapes, and PyTorch's parameters.
 *
 * @param gates parts of a unit, each with weights of its own
 */
record Recurrent(int gates, int units, boolean returnSequences, boolean bidirectional, int layers) {
    private static final int LSTM_GATES = 4;

    /** Values for each unit and step that oneDNN's LSTM keeps for the way back, by the size of the block it asks for. */
    private static final int LSTM_WORKSPACE = 21;

    static void check(String kind, int units, int layers, double dropout) {
        if (units < 1 || layers < 1) {
            throw new InputException(kind + ": expected 1 or more units and layers, received " + units + " units, "
                    + layers + " layers");
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new InputException(kind + ".dropout: expected a rate from 0 to below 1, received " + dropout);
        }
    }

    Shape outputShape(Shape input) {
        if (input.rank() != 2 || input.size(0) == 0) {
            throw new ShapeException("", "[T, F] with one step or more", input);
        }
        return returnSequences ? Shape.of(input.size(0), width()) : Shape.of(width());
    }

    long flops(Shape input) {
        long flops = 0;
        for (int layer = 0; layer < layers; layer++) {
            flops += 2 * gates * width() * (inputs(layer, input) + units);
        }
        return flops * input.size(0);
    }

    /** Step after step over the sequence: the rows of a product are the examples alone. @param kind lstm or gru */
    List<Operation> work(String kind, Shape input, Compute how) {
        long steps = input.size(0);
        // For each step autograd keeps the gates, both products they are sums of, and the states.
        boolean fused = gates == LSTM_GATES && !how.gpu();
        long inside = steps * layers * width() * (fused ? LSTM_WORKSPACE : gates + 2);
        Kept kept = Kept.values(steps * width()).andSaved(inside, 0);
        Size size = new Size(steps, units, (long) gates * units);
        return List.of(new Operation("", kind, size, flops(input), 0, 0, input.elements(), steps * width(), kept));
    }

    /** For each layer and direction: input weight, recurrent weight, input bias, recurrent bias. */
    List<Parameter> reserve(Shape input, Parameters into) {
        // PyTorch's: uniform within 1 / sqrt(units), biases too.
        Initializer first = Initializers.randomUniform(1 / Math.sqrt(units));
        long rows = (long) gates * units;
        List<Parameter> parameters = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            for (String direction : bidirectional ? List.of("", "_reverse") : List.of("")) {
                String name = "_l" + layer + direction;
                Shape read = Shape.of(rows, inputs(layer, input));
                Shape recur = Shape.of(rows, units);
                Fans fans = Fans.of(recur);
                parameters.add(into.weight("weight_ih" + name, read, first, Fans.of(read), Layout.PLAIN));
                parameters.add(into.weight("weight_hh" + name, recur, first, fans, Layout.PLAIN));
                parameters.add(into.bias("bias_ih" + name, Shape.of(rows), first, fans));
                parameters.add(into.bias("bias_hh" + name, Shape.of(rows), first, fans));
            }
        }
        return List.copyOf(parameters);
    }

    /** The whole sequence, or what each direction knows at its end: the last step of one, the first of the other. */
    Tensor output(Tensor sequence) {
        if (returnSequences) {
            return sequence;
        }
        Tensor last = sequence.select(1, sequence.size(1) - 1);
        if (!bidirectional) {
            return last;
        }
        Tensor first = sequence.select(1, 0);
        return Tensor.cat(List.of(last.narrow(1, 0, units), first.narrow(1, units, units)), 1);
    }

    /** What runs over whole sequences: a layer or several, in one direction or both. */
    @FunctionalInterface
    interface Run {
        Recurrences.Result of(
                Tensor x, List<Parameter> parameters, int layers, boolean bidirectional, List<Tensor> state);

        /** The states after every step, from zeros. */
        default Tensor of(Tensor x, List<Parameter> parameters, int layers, boolean bidirectional) {
            return of(x, parameters, layers, bidirectional, List.of()).steps();
        }
    }

    /** {@link #output} of the whole, or of the real steps alone where there is a mask. @param path of the layer */
    Network network(List<Parameter> parameters, double dropout, String path, Function<Pass, Run> runs) {
        return (xs, pass) -> {
            Tensor x = xs.main();
            @Nullable Tensor mask = Masks.of(xs, x.size(1));
            Run run = runs.apply(pass);
            if (pass.cache() != null) {
                return Tensors.of(
                        new GoingOn(parameters, layers, returnSequences, path).of(x, mask, run, pass.cache()));
            }
            return Tensors.of(
                    mask == null
                            ? output(run.of(x, parameters, layers, bidirectional))
                            : padded(x, RealSteps.of(mask), parameters, run, dropout, pass));
        };
    }

    private Tensor padded(Tensor x, RealSteps real, List<Parameter> parameters, Run run, double dropout, Pass pass) {
        Tensor front = real.toFront(x);
        if (!bidirectional) {
            Tensor y = run.of(front, parameters, layers, false);
            return returnSequences ? real.toPlaces(y) : real.last(y);
        }
        Tensor forward = front;
        Tensor backward = front;
        Tensor both = front;
        for (int layer = 0; layer < layers; layer++) {
            Tensor given = layer == 0 ? both : Functional.dropout(both, dropout, pass.training() && dropout > 0);
            List<Parameter> own = parameters.subList(8 * layer, 8 * layer + 8);
            forward = run.of(given, own.subList(0, 4), 1, false);
            backward = run.of(real.reversed(given), own.subList(4, 8), 1, false);
            both = Tensor.cat(List.of(forward, real.reversed(backward)), 2);
        }
        // Each direction's end: what was read from the end ends at the first step.
        return returnSequences ? real.toPlaces(both) : Tensor.cat(List.of(real.last(forward), real.last(backward)), 1);
    }

    private long width() {
        return units * (bidirectional ? 2L : 1L);
    }

    private long inputs(int layer, Shape input) {
        return layer == 0 ? input.size(1) : width();
    }
}

package dev.jumbo.tensor;

import dev.jumbo.error.InputException;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Recurrent networks over {@code [N, T, F]}, in FLOAT32 or BFLOAT16, with PyTorch's order of weights and gates. */
public final class Recurrences {
    private Recurrences() {}

    /**
     * What a recurrence made of some steps.
     *
     * @param steps the state after every step, {@code [N, T, units]}, twice as wide with both directions
     * @param state behind the last step, {@code [layers * directions, N, units]}: of an LSTM {@code h} and {@code c}, of a GRU {@code h}
     */
    public record Result(Tensor steps, List<Tensor> state) {}

    /**
     * Long short-term memory from a state of zeros.
     *
     * @param x {@code [N, T, F]}
     * @param weights for each layer and direction: input weight, recurrent weight, input bias, recurrent bias
     * @param units length of the state
     * @param dropout between layers
     * @return the state after every step, {@code [N, T, units]}, twice as wide with both directions
     * @throws InputException if a weight has another shape: the native kernel would read past its memory
     */
    public static Tensor lstm(
            Tensor x,
            List<Tensor> weights,
            long units,
            int layers,
            boolean bidirectional,
            double dropout,
            boolean training) {
        return lstm(x, weights, units, layers, bidirectional, dropout, training, List.of())
                .steps();
    }

    /** As above, from a state. @param state as {@link Result#state} has it; empty for zeros */
    public static Result lstm(
            Tensor x,
            List<Tensor> weights,
            long units,
            int layers,
            boolean bidirectional,
            double dropout,
            boolean training,
            List<Tensor> state) {
        require(x, weights, 4, units, layers, bidirectional);
        List<Tensor> from = start(x, units, layers, bidirectional, state, 2);
        TensorVector handles = Tensor.vector(from);
        Supplier<T_TensorTensorTensor_T> steps = () -> torch.lstm(
                x.handle(), handles, Tensor.vector(weights), true, layers, dropout, training, bidirectional, true);
        T_TensorTensorTensor_T made = training && dropout > 0 ? Draws.throughDefault(steps) : steps.get();
        return new Result(Tensor.wrap(made.get0()), List.of(Tensor.wrap(made.get1()), Tensor.wrap(made.get2())));
    }

    /** As {@link #lstm}, with gated recurrent units. */
    public static Tensor gru(
            Tensor x,
            List<Tensor> weights,
            long units,
            int layers,
            boolean bidirectional,
            double dropout,
            boolean training) {
        return gru(x, weights, units, layers, bidirectional, dropout, training, List.of())
                .steps();
    }

    /** As above, from a state. @param state as {@link Result#state} has it; empty for zeros */
    public static Result gru(
            Tensor x,
            List<Tensor> weights,
            long units,
            int layers,
            boolean bidirectional,
            double dropout,
            boolean training,
            List<Tensor> state) {
        require(x, weights, 3, units, layers, bidirectional);
        Tensor from = start(x, units, layers, bidirectional, state, 1).get(0);
        Supplier<T_TensorTensor_T> steps = () -> torch.gru(
                x.handle(),
                from.handle(),
                Tensor.vector(weights),
                true,
                layers,
                dropout,
                training,
                bidirectional,
                true);
        T_TensorTensor_T made = training && dropout > 0 ? Draws.throughDefault(steps) : steps.get();
        return new Result(Tensor.wrap(made.get0()), List.of(Tensor.wrap(made.get1())));
    }

    private static List<Tensor> start(
            Tensor x, long units, int layers, boolean bidirectional, List<Tensor> state, int parts) {
        Shape shape = Shape.of(layers * (bidirectional ? 2L : 1L), x.size(0), units);
        if (state.isEmpty()) {
            return Collections.nCopies(parts, Tensor.zeros(shape, x.dtype()).to(x.device()));
        }
        for (Tensor part : state) {
            if (state.size() != parts || !part.shape().equals(shape) || part.dtype() != x.dtype()) {
                throw new InputException("recurrence: expected a state of " + parts + " tensors " + shape + " "
                        + x.dtype() + ", received " + state.size() + " of " + part.shape() + " " + part.dtype());
            }
        }
        return state;
    }

    /** @param gates 4 for LSTM, 3 for GRU */
    private static void require(
            Tensor x, List<Tensor> weights, long gates, long units, int layers, boolean bidirectional) {
        int directions = bidirectional ? 2 : 1;
        if (x.rank() != 3 || x.size(1) < 1 || units < 1 || layers < 1) {
            throw new InputException(
                    "recurrence: expected an input [N, T, F] with a step or more, 1 or more units and layers,"
                            + " received " + x.shape() + ", " + units + " and " + layers);
        }
        if (weights.size() != 4 * layers * directions) {
            throw new InputException("recurrence: expected " + 4 * layers * directions
                    + " weights, 4 for each layer and" + " direction, received " + weights.size());
        }
        for (int i = 0; i < weights.size(); i++) {
            long wide = i / 4 < directions ? x.size(2) : units * directions;
            Shape expected = switch (i % 4) {
                case 0 -> Shape.of(gates * units, wide);
                case 1 -> Shape.of(gates * units, units);
                default -> Shape.of(gates * units);
            };
            Tensor weight = weights.get(i);
            if (!weight.shape().equals(expected) || weight.dtype() != x.dtype()) {
                throw new InputException("recurrence: expected weight " + i + " to be " + expected + " " + x.dtype()
                        + ", received " + weight.shape() + " " + weight.dtype());
            }
        }
    }
}

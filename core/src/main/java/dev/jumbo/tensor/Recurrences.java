package dev.jumbo.tensor;

import java.util.List;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Recurrent networks over {@code [N, T, F]}, in FLOAT32 or BFLOAT16, with PyTorch's order of weights and gates. */
public final class Recurrences {
    private Recurrences() {}

    /**
     * Long short-term memory from a state of zeros.
     *
     * @param x {@code [N, T, F]}
     * @param weights for each layer and direction: input weight, recurrent weight, input bias, recurrent bias
     * @param units length of the state
     * @param dropout between layers
     * @return the state after every step, {@code [N, T, units]}, twice as wide with both directions
     */
    public static Tensor lstm(
            Tensor x,
            List<Tensor> weights,
            long units,
            int layers,
            boolean bidirectional,
            double dropout,
            boolean training) {
        Tensor zero = start(x, units, layers, bidirectional);
        TensorVector state = Tensor.vector(List.of(zero, zero));
        var result = torch.lstm(
                x.handle(), state, Tensor.vector(weights), true, layers, dropout, training, bidirectional, true);
        return Tensor.wrap(result.get0());
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
        Tensor zero = start(x, units, layers, bidirectional);
        var result = torch.gru(
                x.handle(),
                zero.handle(),
                Tensor.vector(weights),
                true,
                layers,
                dropout,
                training,
                bidirectional,
                true);
        return Tensor.wrap(result.get0());
    }

    private static Tensor start(Tensor x, long units, int layers, boolean bidirectional) {
        return Tensor.zeros(Shape.of(layers * (bidirectional ? 2L : 1L), x.size(0), units), x.dtype())
                .to(x.device());
    }
}

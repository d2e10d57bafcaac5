package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.SidedLayer;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Recurrences;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.util.List;
import java.util.Set;

/**
 * Long short-term memory (Hochreiter, Schmidhuber, 1997; with a forget gate, Gers et al., 2000): gates i, f, o and a
 * candidate g, {@code c = f c + i g}, {@code h = o tanh(c)}, from a state of zeros.
 *
 * <p>{@code [T, F]} becomes {@code [units]}, or {@code [T, units]} with all steps; twice as wide with both directions.
 * Parameters are named as PyTorch's: {@code weight_ih_l0 [4 units, F]}, {@code weight_hh_l0 [4 units, units]}, {@code
 * bias_ih_l0}, {@code bias_hh_l0}, then {@code l1} and so on, with {@code _reverse} for the second direction.
 *
 * <p>Of padded sequences with a side input {@code mask} it reads the real steps alone, wherever they are, from either end; the result
 * of the others is 0.
 *
 * <p>In one direction it goes on from a {@link dev.jumbo.nn.Cache}, which keeps the state behind the last real step of each sequence.
 *
 * @param units length of the state, 1 or more
 * @param returnSequences whether the result has all steps instead of the end
 * @param bidirectional whether another network reads from the end; the results are joined
 * @param layers how many lie above each other
 * @param dropout between layers, in training
 */
@Kind("lstm")
public record Lstm(
        @Doc("Length of the state.") int units,

        @Doc("Whether the result has all steps instead of the end.") @Default("false")
        boolean returnSequences,

        @Doc("Whether another network reads from the end.") @Default("false")
        boolean bidirectional,

        @Doc("How many lie above each other.") @Default("1") int layers,

        @Doc("Dropout between layers, in training.") @Default("0.0")
        double dropout)
        implements SidedLayer {
    public Lstm {
        Recurrent.check("lstm", units, layers, dropout);
    }

    @Override
    public Shape outputShape(Shape input) {
        return recurrent().outputShape(input);
    }

    @Override
    public long flops(Shape input) {
        return recurrent().flops(input);
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        return recurrent().work("lstm", input, how);
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return returnSequences && !bidirectional;
    }

    @Override
    public boolean goesOn(Specs in) {
        return !bidirectional;
    }

    @Override
    public Set<String> sides() {
        return Set.of(Masks.MASK);
    }

    @Override
    public Network build(Specs in, Parameters into) {
        Recurrent recurrent = recurrent();
        List<Parameter> parameters = recurrent.reserve(in.main().shape(), into);
        return recurrent.network(
                parameters,
                dropout,
                into.path(),
                pass -> (x, own, deep, both, state) -> pass.keepsExamplesApart()
                        ? new Unrolled(recurrent.gates(), units, deep, both, dropout).result(x, own, pass)
                        : Recurrences.lstm(
                                x,
                                own.stream().map(Parameter::tensor).toList(),
                                units,
                                deep,
                                both,
                                dropout,
                                pass.training(),
                                state));
    }

    private Recurrent recurrent() {
        return new Recurrent(4, units, returnSequences, bidirectional, layers);
    }
}

package dev.jumbo.nn.layers.sequence;

import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.each.Products;
import dev.jumbo.nn.each.Rows;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Recurrences;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A recurrent network step by step, where the gradients of each example are wanted: the engine's own recurrences do not tell
 * those of their gates. All steps' products with the input are one; its gradient is that of the gates of every step, from which
 * the gradients of all four parameters follow. Dropout between layers draws other numbers than the engine's.
 *
 * @param gates 4 for LSTM, 3 for GRU, in PyTorch's order
 */
record Unrolled(int gates, int units, int layers, boolean bidirectional, double dropout) {
    private static final int LSTM_GATES = 4;

    /** @param x {@code [N, T, F]} @param parameters as {@link Recurrent#reserve} gives them @return the state after every step */
    Tensor forward(Tensor x, List<Parameter> parameters, Pass pass) {
        int directions = bidirectional ? 2 : 1;
        Tensor sequence = x;
        for (int layer = 0; layer < layers; layer++) {
            Tensor given = layer == 0 ? x : Functional.dropout(sequence, dropout, pass.training() && dropout > 0);
            List<Tensor> ways = new ArrayList<>();
            for (int direction = 0; direction < directions; direction++) {
                int first = 4 * (layer * directions + direction);
                ways.add(direction(given, parameters.subList(first, first + 4), direction == 1, pass));
            }
            sequence = ways.size() == 1 ? ways.get(0) : Tensor.cat(ways, 2);
        }
        return sequence;
    }

    /** The same as what the engine's recurrences give; the state is nobody's. */
    Recurrences.Result result(Tensor x, List<Parameter> parameters, Pass pass) {
        return new Recurrences.Result(forward(x, parameters, pass), List.of());
    }

    private Tensor direction(Tensor x, List<Parameter> of, boolean backwards, Pass pass) {
        Parameter read = of.get(0);
        Parameter recur = of.get(1);
        Parameter readBias = of.get(2);
        Parameter recurBias = of.get(3);
        List<Tensor> before = new ArrayList<>();
        List<Tensor> resets = new ArrayList<>();
        Tensor gatesOfAll =
                pass.perExample(Functional.linear(x, read.tensor(), readBias.tensor()), (gradient, each) -> {
                    Tensor recurrent = ofRecurrent(gradient, inOrder(resets, backwards));
                    each.add(read, Products.of(gradient, x));
                    each.add(readBias, Rows.lastDimension(gradient));
                    each.add(recur, Products.of(recurrent, stack(inOrder(before, backwards))));
                    each.add(recurBias, Rows.lastDimension(recurrent));
                });
        int steps = (int) x.size(1);
        Tensor zero = Tensor.zeros(Shape.of(x.size(0), units), x.dtype()).to(x.device());
        Tensor state = zero;
        Tensor cell = zero;
        List<Tensor> states = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            before.add(state.detach());
            Tensor fromInput = gatesOfAll.select(1, backwards ? steps - 1 - i : i);
            Tensor fromState = Functional.linear(state, recur.tensor(), recurBias.tensor());
            if (gates == LSTM_GATES) {
                Tensor all = fromInput.add(fromState);
                Tensor kept = Functional.sigmoid(gate(all, 1)).mul(cell);
                cell = kept.add(Functional.sigmoid(gate(all, 0)).mul(Functional.tanh(gate(all, 2))));
                state = Functional.sigmoid(gate(all, 3)).mul(Functional.tanh(cell));
            } else {
                Tensor reset = Functional.sigmoid(gate(fromInput, 0).add(gate(fromState, 0)));
                Tensor update = Functional.sigmoid(gate(fromInput, 1).add(gate(fromState, 1)));
                Tensor fresh = Functional.tanh(gate(fromInput, 2).add(reset.mul(gate(fromState, 2))));
                resets.add(reset.detach());
                state = fresh.add(update.mul(state.sub(fresh)));
            }
            states.add(state);
        }
        return stack(inOrder(states, backwards));
    }

    private Tensor gate(Tensor all, int index) {
        return all.narrow(1, (long) index * units, units);
    }

    /** The gradient of the products with the state: the last gate of a GRU takes its own times the reset gate. */
    private Tensor ofRecurrent(Tensor gradient, List<Tensor> resets) {
        if (gates == LSTM_GATES) {
            return gradient;
        }
        Tensor first = gradient.narrow(2, 0, 2L * units);
        Tensor last = gradient.narrow(2, 2L * units, units);
        return Tensor.cat(List.of(first, last.mul(stack(resets))), 2);
    }

    private static List<Tensor> inOrder(List<Tensor> steps, boolean backwards) {
        List<Tensor> ordered = new ArrayList<>(steps);
        if (backwards) {
            Collections.reverse(ordered);
        }
        return ordered;
    }

    /** {@code [N, T, ...]} of T steps. */
    private static Tensor stack(List<Tensor> steps) {
        return Tensor.cat(steps.stream().map(step -> step.unsqueeze(1)).toList(), 1);
    }
}

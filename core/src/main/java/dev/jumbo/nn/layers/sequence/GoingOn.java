package dev.jumbo.nn.layers.sequence;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Cache;
import dev.jumbo.nn.Parameter;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Recurrences;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recurrence in one direction that goes on from the state that a cache has kept: that behind the last real step of each sequence,
 * so that prompts of several lengths go on together, wherever their padding is.
 *
 * @param path of the layer
 */
record GoingOn(List<Parameter> parameters, int layers, boolean returnSequences, String path) {
    /**
     * The states after every step, 0 where a step is padding, or the last one.
     *
     * @param x {@code [N, T, F]}, the steps behind those of the cache
     * @param mask BOOL {@code [N, T]}, or null where all steps are real
     */
    Tensor of(Tensor x, @Nullable Tensor mask, Recurrent.Run run, Cache cache) {
        @Nullable List<Tensor> before = cache.kept(path);
        List<Tensor> state = before == null ? List.of() : before;
        if (!state.isEmpty() && state.get(0).size(1) != x.size(0)) {
            throw new InputException(
                    path + ": expected " + state.get(0).size(1) + " sequences, as the cache has, received " + x.size(0)
                            + "; another batch needs a cache of its own");
        }
        boolean whole = mask == null || mask.to(DType.INT64).sum().item() == mask.elements();
        Recurrences.Result made =
                whole || mask == null ? run.of(x, parameters, layers, false, state) : real(x, mask, run, state);
        cache.keep(path, 1, made.state().toArray(Tensor[]::new));
        return returnSequences ? made.steps() : made.state().get(0).select(0, layers - 1L);
    }

    /** Step by step: a sequence keeps its state where a step is padding. */
    private Recurrences.Result real(Tensor x, Tensor mask, Recurrent.Run run, List<Tensor> before) {
        List<Tensor> state = before;
        List<Tensor> steps = new ArrayList<>();
        for (long t = 0; t < x.size(1); t++) {
            // [1, N, 1] beside states, [N, 1, 1] beside steps.
            Tensor real = mask.narrow(1, t, 1);
            Recurrences.Result next = run.of(x.narrow(1, t, 1), parameters, layers, false, state);
            List<Tensor> kept = new ArrayList<>();
            for (int i = 0; i < next.state().size(); i++) {
                Tensor now = next.state().get(i);
                Tensor old = state.isEmpty() ? zeros(now) : state.get(i);
                kept.add(now.where(real.unsqueeze(0), old));
            }
            steps.add(next.steps().where(real.unsqueeze(2), zeros(next.steps())));
            state = kept;
        }
        return new Recurrences.Result(Tensor.cat(steps, 1), state);
    }

    private static Tensor zeros(Tensor like) {
        return Tensor.zeros(like.shape(), like.dtype()).to(like.device());
    }
}

package dev.jumbo.nn;

import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What layers keep of the steps of sequences that were passed already, so that a pass computes the next ones alone: keys and
 * values of attention by the layer's path. It outlives scopes; close it to free its memory. One thread at a time.
 *
 * <pre>{@code
 * try (Cache cache = new Cache()) {
 *     model.forward(prompt, Pass.inference().with(cache));   // [N, T]
 *     model.forward(next, Pass.inference().with(cache));     // [N, 1], at position T
 * }
 * }</pre>
 */
public final class Cache implements AutoCloseable {
    private final Map<String, List<Tensor>> held = new HashMap<>();
    private long length;

    /** Steps that passes before this one had: the position of the first step of this one. */
    public long length() {
        return length;
    }

    /**
     * Adds the steps of this pass to what a layer has kept.
     *
     * @param path of the layer
     * @param dim along which steps lie
     * @param next what this pass adds, as many tensors each time
     * @return all steps so far, in the innermost scope's reach until the next pass
     */
    public List<Tensor> append(String path, int dim, Tensor... next) {
        @Nullable List<Tensor> before = held.get(path);
        List<Tensor> all = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            for (int i = 0; i < next.length; i++) {
                Tensor joined = before == null
                        ? next[i].detach().copy()
                        : Tensor.cat(List.of(before.get(i), next[i].detach()), dim);
                all.add(joined.retain());
            }
        }
        if (before != null) {
            before.forEach(Tensor::close);
        }
        held.put(path, List.copyOf(all));
        return held.get(path);
    }

    /** Whether a layer has kept something. */
    public boolean holds(String path) {
        return held.containsKey(path);
    }

    /** What a layer has kept, or null. */
    public @Nullable List<Tensor> kept(String path) {
        return held.get(path);
    }

    /** Keeps something in the place of what a layer had kept, such as a state. */
    public void keep(String path, Tensor... state) {
        List<Tensor> copies = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            for (Tensor tensor : state) {
                copies.add(tensor.detach().copy().retain());
            }
        }
        List<Tensor> before = held.put(path, List.copyOf(copies));
        if (before != null) {
            before.forEach(Tensor::close);
        }
    }

    /** After a pass: its steps belong to those before the next one. @param steps of this pass */
    void passed(long steps) {
        length += steps;
    }

    @Override
    public void close() {
        held.values().forEach(tensors -> tensors.forEach(Tensor::close));
        held.clear();
        length = 0;
    }
}

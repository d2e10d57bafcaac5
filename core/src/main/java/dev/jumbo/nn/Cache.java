package dev.jumbo.nn;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What layers keep of the steps of sequences that were passed already, so that a pass computes the next ones alone: keys and
 * values of attention by the layer's path. It outlives scopes; close it to free its memory. One thread at a time.
 *
 * <p>Room for steps doubles when it is full: adding a step copies that step alone, and memory is at most twice what is kept.
 *
 * <pre>{@code
 * try (Cache cache = new Cache()) {
 *     model.forward(prompt, Pass.inference().with(cache));   // [N, T]
 *     model.forward(next, Pass.inference().with(cache));     // [N, 1], at position T
 * }
 * }</pre>
 */
public final class Cache implements AutoCloseable {
    /** Steps that there is room for behind the first pass. */
    private static final long FIRST_ROOM = 16;

    private final Map<String, Kept> held = new HashMap<>();
    private long length;
    private long expected;

    /**
     * What a layer has kept.
     *
     * @param tensors with room for more steps where steps are added
     * @param steps dimension along which steps lie, or -1 for a state that is replaced
     * @param used steps that are there
     * @param batch dimension of the sequences
     */
    private record Kept(List<Tensor> tensors, int steps, long used, int batch) implements AutoCloseable {
        private List<Tensor> views() {
            return steps < 0
                    ? tensors
                    : tensors.stream().map(t -> t.narrow(steps, 0, used)).toList();
        }

        @Override
        public void close() {
            tensors.forEach(Tensor::close);
        }
    }

    /** Steps that passes before this one had: the position of the first step of this one. */
    public long length() {
        return length;
    }

    /**
     * Says how many steps there will be once all of a prompt is passed, where it comes in several passes: so that what depends on the length
     * ({@link dev.jumbo.nn.layers.sequence.RopeScaling}) is the same as in one.
     */
    public void expect(long steps) {
        expected = steps;
    }

    /** Steps that were said to come, those before them included; at least {@link #length}. */
    public long expected() {
        return Math.max(expected, length);
    }

    /**
     * Adds the steps of this pass to what a layer has kept.
     *
     * @param path of the layer
     * @param dim along which steps lie; sequences lie along the first
     * @param next what this pass adds, as many tensors each time
     * @return all steps so far, in the innermost scope; they change with the next pass
     */
    public List<Tensor> append(String path, int dim, Tensor... next) {
        @Nullable Kept before = held.get(path);
        long used = before == null ? 0 : before.used();
        long steps = next[0].size(dim);
        if (before != null && before.tensors().get(0).size(0) != next[0].size(0)) {
            throw otherBatch(path, before.tensors().get(0).size(0), next[0].size(0));
        }
        if (before != null && used != length) {
            throw new InputException(path + ": expected a cache whose last pass was whole, received one with " + used
                    + " steps of this layer and " + length + " of the model, as after a pass that failed; begin with a"
                    + " new cache");
        }
        List<Tensor> rooms = new ArrayList<>();
        boolean grows = before == null || before.tensors().get(0).size(dim) < used + steps;
        try (Scope scope = Scope.open()) {
            for (int i = 0; i < next.length; i++) {
                Tensor room = before == null ? null : before.tensors().get(i);
                if (grows || room == null) {
                    Tensor more = Tensor.empty(next[i].shape().with(dim, room(used, steps)), next[i].dtype())
                            .to(next[i].device());
                    if (room != null) {
                        more.narrow(dim, 0, used).copy_(room.narrow(dim, 0, used));
                    }
                    room = more.retain();
                }
                room.narrow(dim, used, steps).copy_(next[i].detach());
                rooms.add(room);
            }
        }
        if (grows && before != null) {
            before.close();
        }
        Kept kept = new Kept(List.copyOf(rooms), dim, used + steps, 0);
        held.put(path, kept);
        return kept.views();
    }

    private static long room(long used, long steps) {
        return used == 0 ? steps + FIRST_ROOM : Math.max(2 * used, used + steps);
    }

    /** Whether a layer has kept something. */
    public boolean holds(String path) {
        return held.containsKey(path);
    }

    /** What a layer has kept, or null. */
    public @Nullable List<Tensor> kept(String path) {
        Kept kept = held.get(path);
        return kept == null ? null : kept.views();
    }

    /** Keeps something in the place of what a layer had kept, such as a state; sequences lie along the first dimension. */
    public void keep(String path, Tensor... state) {
        keep(path, 0, state);
    }

    /** As {@link #keep(String, Tensor...)}. @param batch dimension along which sequences lie */
    public void keep(String path, int batch, Tensor... state) {
        List<Tensor> copies = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            for (Tensor tensor : state) {
                copies.add(tensor.detach().copy().retain());
            }
        }
        Kept before = held.put(path, new Kept(List.copyOf(copies), -1, 0, batch));
        if (before != null) {
            before.close();
        }
    }

    /**
     * Goes on with some of the sequences, as beam search does.
     *
     * @param rows the sequence that each one goes on from, from 0; a sequence may go on several times or not at all
     */
    public void select(int[] rows) {
        for (Map.Entry<String, Kept> entry : held.entrySet()) {
            Kept before = entry.getValue();
            long batch = before.tensors().get(0).size(before.batch());
            if (rows.length == batch
                    && Arrays.equals(rows, IntStream.range(0, rows.length).toArray())) {
                continue;
            }
            for (int row : rows) {
                if (row < 0 || row >= batch) {
                    throw new InputException(entry.getKey() + ": expected sequences from 0 to " + (batch - 1)
                            + ", as the cache has, received " + row);
                }
            }
            List<Tensor> chosen = new ArrayList<>();
            try (Scope scope = Scope.open()) {
                for (Tensor tensor : before.tensors()) {
                    List<Tensor> parts = new ArrayList<>();
                    for (int row : rows) {
                        parts.add(tensor.narrow(before.batch(), row, 1));
                    }
                    chosen.add(Tensor.cat(parts, before.batch()).retain());
                }
            }
            before.close();
            entry.setValue(new Kept(List.copyOf(chosen), before.steps(), before.used(), before.batch()));
        }
    }

    /**
     * Forgets the last steps, so that the next pass goes on at an earlier one.
     *
     * @param steps that stay, at most {@link #length}
     * @throws InputException if a layer keeps a state, which cannot go back
     */
    public void truncate(long steps) {
        if (steps < 0 || steps > length) {
            throw new InputException("expected a cache to go back to 0 to " + length + " steps, received " + steps);
        }
        if (steps == length) {
            return;
        }
        for (Map.Entry<String, Kept> entry : held.entrySet()) {
            Kept kept = entry.getValue();
            if (kept.steps() < 0 || kept.used() != length) {
                throw new InputException(entry.getKey() + " keeps a state, which cannot go back to an earlier step;"
                        + " begin with a new cache");
            }
        }
        held.replaceAll((path, kept) -> new Kept(kept.tensors(), kept.steps(), steps, kept.batch()));
        length = steps;
        expected = steps;
    }

    private static InputException otherBatch(String path, long expected, long received) {
        return new InputException(path + ": expected " + expected + " sequences, as the cache has, received " + received
                + "; another batch needs a cache of its own");
    }

    /** After a pass: its steps belong to those before the next one. @param steps of this pass */
    void passed(long steps) {
        length += steps;
    }

    @Override
    public void close() {
        held.values().forEach(Kept::close);
        held.clear();
        length = 0;
        expected = 0;
    }
}

package dev.jumbo.nn.layers.sequence;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Cache;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What queries of a pass may see: keys and values of its steps, behind those that a cache has kept.
 *
 * @param keys {@code [N, groups, S, d]}
 * @param values {@code [N, groups, S, d]}
 * @param mask which of the S steps may be seen, {@code [N, S]}, or {@code [N, T, S]} with a row for each query; null for all
 */
public record KeyCache(Tensor keys, Tensor values, @Nullable Tensor mask) {
    private static final int STEPS = 2;

    /** Adds the steps of a pass. @param path of the attention */
    public static KeyCache of(Pass pass, String path, Tensors xs, Tensor keys, Tensor values) {
        @Nullable Cache cache = pass.cache();
        if (cache == null) {
            return new KeyCache(keys, values, Masks.seen(xs, keys.size(STEPS)));
        }
        if (xs.has(Masks.DOCUMENTS)) {
            throw new InputException("expected one document in each row of a pass with a cache, received the input "
                    + Masks.DOCUMENTS + "; generate for each document in a row of its own");
        }
        @Nullable Tensor mask = Masks.of(xs, keys.size(STEPS));
        List<Tensor> all = cache.append(path, STEPS, keys, values);
        return new KeyCache(all.get(0), all.get(1), mask(cache, path + ".mask", mask, keys));
    }

    /**
     * Those of a memory, which stays the same while a cache goes on: its keys and values are computed once.
     *
     * @param xs have {@link Masks#MEMORY}
     * @param made computes keys and values, {@code [N, groups, S, d]} each
     */
    public static KeyCache across(Pass pass, String path, Tensors xs, Supplier<List<Tensor>> made) {
        Tensor memory = xs.require(Masks.MEMORY);
        @Nullable Tensor mask = Masks.of(xs, Masks.MEMORY_MASK, memory.size(1));
        @Nullable Cache cache = pass.cache();
        if (cache == null) {
            List<Tensor> both = made.get();
            return new KeyCache(both.get(0), both.get(1), mask);
        }
        if (!cache.holds(path)) {
            cache.keep(path, made.get().toArray(Tensor[]::new));
        }
        List<Tensor> kept = Objects.requireNonNull(cache.kept(path));
        Tensor keys = kept.get(0);
        if (keys.size(0) != xs.main().size(0) || keys.size(STEPS) != memory.size(1)) {
            throw new InputException(path + ": expected the memory that the cache began with, " + keys.size(0)
                    + " sequences of " + keys.size(STEPS) + " steps, received " + memory.size(0) + " of "
                    + memory.size(1) + "; another batch needs a cache of its own");
        }
        return new KeyCache(keys, kept.get(1), mask);
    }

    /** Of all steps, once a pass had a mask. */
    private static @Nullable Tensor mask(Cache cache, String path, @Nullable Tensor mask, Tensor keys) {
        if (mask == null && !cache.holds(path)) {
            return null;
        }
        if (!cache.holds(path) && cache.length() > 0) {
            cache.append(path, 1, real(keys.size(0), cache.length(), keys));
        }
        Tensor next = mask == null ? real(keys.size(0), keys.size(STEPS), keys) : mask;
        return cache.append(path, 1, next).get(0);
    }

    private static Tensor real(long batch, long steps, Tensor like) {
        return Tensor.full(Shape.of(batch, steps), 1, DType.BOOL).to(like.device());
    }
}

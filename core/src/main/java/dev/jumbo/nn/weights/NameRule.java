package dev.jumbo.nn.weights;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A step of a {@link NameMap}. Names are regular expressions that match a whole name; a target's {@code $1} is the first
 * group. A rule that matches nothing is an error: it has a slip in it, or the file is another one.
 */
public sealed interface NameRule permits Rename, Transpose, Squeeze, Split, Join, Drop {
    /** What it makes of tensors. @throws dev.jumbo.error.InputException if it does not fit them */
    Map<String, TensorSource.Stored> apply(Map<String, TensorSource.Stored> tensors);

    /** Whether it means one of these names at all. */
    boolean fits(Collection<String> names);

    static NameRule rename(String from, String to) {
        return new Rename(from, to);
    }

    static NameRule transpose(String of) {
        return new Transpose(of);
    }

    /** Tensors without their first dimension, of size 1. */
    static NameRule squeeze(String of) {
        return new Squeeze(of);
    }

    /** One tensor into several, by sizes along a dimension. */
    static NameRule split(String from, int dim, List<Long> sizes, List<String> to) {
        return new Split(from, to, sizes, dim);
    }

    /** Several tensors into one, along a dimension, in this order. */
    static NameRule join(List<String> from, int dim, String to) {
        return new Join(from, to, dim);
    }

    static NameRule drop(String name) {
        return new Drop(name);
    }

    /** The kinds of rules that a configuration may name. */
    static List<Class<? extends NameRule>> kinds() {
        return Arrays.asList(Rename.class, Transpose.class, Squeeze.class, Split.class, Join.class, Drop.class);
    }
}

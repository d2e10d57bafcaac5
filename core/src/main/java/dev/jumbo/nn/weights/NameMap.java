package dev.jumbo.nn.weights;

import java.util.List;

/**
 * Brings the tensors of a source to a model's names, shapes and order: rules that are applied one after the other, each to
 * what the one before left.
 *
 * <pre>{@code
 * NameMap.of(
 *         NameRule.rename("transformer\\.h\\.(\\d+)\\.ln_1\\.(.*)", "layers.$1.norm1.$2"),
 *         NameRule.transpose("layers\\.\\d+\\.mlp\\..*weight"),
 *         NameRule.drop("lm_head.weight"));
 * }</pre>
 */
public record NameMap(List<NameRule> rules) {
    private static final NameMap NONE = new NameMap(List.of());

    public NameMap {
        rules = List.copyOf(rules);
    }

    /** The names as they are. */
    public static NameMap none() {
        return NONE;
    }

    public static NameMap of(NameRule... rules) {
        return new NameMap(List.of(rules));
    }

    /** The same tensors under the names that the rules give. @throws dev.jumbo.error.InputException if a rule does not fit them */
    public TensorSource apply(TensorSource source) {
        return apply(source, false);
    }

    /** As {@link #apply}, where a rule that fits none of the tensors is passed over: for maps of a whole family of files. */
    public TensorSource applyWhereFits(TensorSource source) {
        return apply(source, true);
    }

    private TensorSource apply(TensorSource source, boolean whereFits) {
        TensorSource mapped = source;
        for (NameRule rule : rules) {
            if (!whereFits || rule.fits(mapped.tensors().keySet())) {
                mapped = new NamedTensors(source.where(), source.files(), rule.apply(mapped.tensors()));
            }
        }
        return mapped;
    }
}

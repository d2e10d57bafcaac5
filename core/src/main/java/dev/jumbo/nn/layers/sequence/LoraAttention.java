package dev.jumbo.nn.layers.sequence;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.SidedLayer;
import dev.jumbo.nn.layers.basic.LowRank;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention whose projections have changes of low rank, see {@link LowRank}: of {@code in_proj_weight [3 D, D]} as one matrix, and of
 * {@code out_proj.weight}. The parameters of the attention keep their names; those of the changes are {@code in_proj.lora_A.weight} and
 * so on.
 *
 * @param base a {@link MultiHeadAttention}
 * @param inProj the change of queries, keys and values; null for none
 * @param outProj the change of the output's projection; null for none
 */
@Kind("lora_attention")
public record LoraAttention(
        @Doc("The attention, multi_head_attention.") Layer base,

        @Doc("The change of the projection of queries, keys and values.") @Default("null") @Nullable
        LowRank inProj,

        @Doc("The change of the projection of outputs.") @Default("null") @Nullable
        LowRank outProj)
        implements SidedLayer {
    /** Names of the projections as targets. */
    public static final String IN = "in_proj";

    public static final String OUT = "out_proj";

    public LoraAttention {
        if (!(base instanceof MultiHeadAttention)) {
            throw new InputException("lora_attention: expected multi_head_attention as its base, received "
                    + base.getClass().getSimpleName());
        }
    }

    private MultiHeadAttention attention() {
        return (MultiHeadAttention) base;
    }

    @Override
    public Shape outputShape(Shape input) {
        return attention().outputShape(input);
    }

    @Override
    public long flops(Shape input) {
        long steps = input.size(0);
        long d = input.size(1);
        return attention().flops(input)
                + (inProj == null ? 0 : inProj.flops(steps, 3 * d, d))
                + (outProj == null ? 0 : outProj.flops(steps, d, d));
    }

    @Override
    public List<Operation> work(Specs in, Compute how) {
        long steps = in.main().shape().size(0);
        long d = in.main().shape().size(1);
        List<Operation> work = new ArrayList<>(attention().work(in, how));
        if (inProj != null) {
            work.addAll(inProj.work(steps, 3 * d, d));
        }
        if (outProj != null) {
            work.addAll(outProj.work(steps, d, d));
        }
        return work;
    }

    @Override
    public List<Operation> work(Shape input, Compute how) {
        return work(Specs.of(input), how);
    }

    @Override
    public boolean ignoresPadding(Shape input) {
        return attention().ignoresPadding(input);
    }

    @Override
    public boolean goesOn(Specs in) {
        return attention().goesOn(in);
    }

    @Override
    public Set<String> sides() {
        return attention().sides();
    }

    @Override
    public Network build(Specs in, Parameters into) {
        return attention().build(in, into, inProj, outProj);
    }
}

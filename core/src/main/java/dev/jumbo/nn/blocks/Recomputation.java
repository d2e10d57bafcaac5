package dev.jumbo.nn.blocks;

import dev.jumbo.nn.Division;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import java.util.List;

/**
 * Recomputation of activations (Chen et al., 2016; "activation checkpointing" in PyTorch): of each block only its input is kept,
 * and its forward pass runs a second time when its turn in the backward pass comes, with the same random numbers; running
 * statistics are updated once. A third more arithmetic for a fraction of the memory. The last block's backward pass comes at
 * once, so it runs once.
 *
 * <pre>{@code
 * try (Model model = Model.build(layers, inputs, first, ParameterGroups.none(), Device.CPU, new Recomputation())) {
 *     model.backward(loss(model.forward(x, Pass.forTraining())));
 * }
 * }</pre>
 */
public final class Recomputation implements Division {
    private final Islands islands = new Islands();
    private final boolean lastAtOnce;
    private int count;

    private Recomputation(boolean lastAtOnce) {
        this.lastAtOnce = lastAtOnce;
    }

    /** Of a model whose backward pass comes behind its forward pass. */
    public Recomputation() {
        this(true);
    }

    /** Of a part of a model: other parts have their passes between the forward and the backward pass of the last block. */
    public static Recomputation ofPart() {
        return new Recomputation(false);
    }

    @Override
    public List<Integer> cut(List<Layer.Part> row) {
        return Cuts.of(row);
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public Network block(Block block) {
        if (!isWorthIt(block.parts())) {
            return block.network();
        }
        count++;
        return block.last() && lastAtOnce
                ? (xs, pass) -> Island.freeing(block.network(), xs, pass)
                : new Island(islands, block.path(), block.network(), block.slots(), new Island.Kind(true, false), null);
    }

    /** Whether it makes more than its output, which stays in any case. */
    static boolean isWorthIt(List<Layer.Part> parts) {
        Layer.Part last = parts.get(parts.size() - 1);
        double made = parts.stream().mapToDouble(Cuts::made).sum();
        return made > Cuts.bytes(last.layer().outputs(last.inputs()));
    }

    @Override
    public void rethrow() {
        islands.rethrow();
    }

    @Override
    public void abandon() {
        islands.abandon();
    }

    @Override
    public void close() {
        islands.close();
    }
}

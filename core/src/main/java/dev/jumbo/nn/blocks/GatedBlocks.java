package dev.jumbo.nn.blocks;

import dev.jumbo.nn.Cost;
import dev.jumbo.nn.Division;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.work.Compute;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Blocks whose parameters come when a block runs and go behind it. A row is cut so that no block has more parameters than the
 * largest layer; with recomputation, also where {@link Recomputation} cuts it.
 */
public final class GatedBlocks implements Division {
    private final Islands islands = new Islands();
    private final boolean recompute;
    private final Owner owner;
    private int count;

    /** Where parameters are while they are not at a block. */
    public interface Owner {
        /**
         * The way of a block's parameters, in the order of the blocks.
         *
         * @param slots its parameters and buffers
         * @param stays whether its parameters stay until the backward pass, which comes at once
         */
        Gate gate(List<Parameter> slots, boolean stays);

        /** See {@link Division#hold}. */
        void hold(FlatOrder order, Function<Parameter, Tensor> first);
    }

    /** @param recompute whether blocks run twice too */
    public GatedBlocks(boolean recompute, Owner owner) {
        this.recompute = recompute;
        this.owner = owner;
    }

    @Override
    public List<Integer> cut(List<Layer.Part> row) {
        return cut(row, recompute);
    }

    static List<Integer> cut(List<Layer.Part> row, boolean recompute) {
        TreeSet<Integer> ends = new TreeSet<>(ends(byParameters(row)));
        if (recompute) {
            ends.addAll(ends(Cuts.of(row)));
        }
        List<Integer> lengths = new ArrayList<>();
        int from = 0;
        for (int end : ends) {
            lengths.add(end - from);
            from = end;
        }
        return lengths;
    }

    private static List<Integer> ends(List<Integer> lengths) {
        List<Integer> ends = new ArrayList<>();
        int end = 0;
        for (int length : lengths) {
            end += length;
            ends.add(end);
        }
        return ends;
    }

    private static List<Integer> byParameters(List<Layer.Part> row) {
        // Most rows repeat a layer, which is asked once.
        Map<List<Object>, Long> known = new HashMap<>();
        long[] parameters = row.stream()
                .mapToLong(part -> known.computeIfAbsent(
                        List.of(part.layer(), part.inputs()),
                        key -> Cost.of(part, Compute.CPU).stream()
                                .mapToLong(Operation::parameters)
                                .sum()))
                .toArray();
        long most = 1;
        for (long each : parameters) {
            most = Math.max(most, each);
        }
        List<Integer> lengths = new ArrayList<>();
        long sum = 0;
        boolean apart = true;
        for (int i = 0; i < parameters.length; i++) {
            boolean lone = Cuts.isContainer(row.get(i));
            if (apart || lone || sum + parameters[i] > most) {
                lengths.add(1);
                sum = parameters[i];
            } else {
                lengths.set(lengths.size() - 1, lengths.get(lengths.size() - 1) + 1);
                sum += parameters[i];
            }
            apart = lone;
        }
        return lengths;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public Network block(Block block) {
        if (!isBlock(block, recompute)) {
            return block.network();
        }
        count++;
        return new Island(
                islands,
                block.path(),
                block.network(),
                block.slots(),
                new Island.Kind(isTwice(block, recompute), block.last()),
                trains(block) ? owner.gate(block.slots(), block.last()) : null);
    }

    static boolean trains(Block block) {
        return block.slots().stream().anyMatch(p -> p.role() != Parameter.Role.BUFFER);
    }

    private static boolean isTwice(Block block, boolean recompute) {
        return recompute && !block.last() && Recomputation.isWorthIt(block.parts());
    }

    private static boolean isBlock(Block block, boolean recompute) {
        return trains(block) || isTwice(block, recompute);
    }

    @Override
    public boolean holdsParameters() {
        return true;
    }

    @Override
    public void hold(FlatOrder order, Function<Parameter, Tensor> first) {
        owner.hold(order, first);
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

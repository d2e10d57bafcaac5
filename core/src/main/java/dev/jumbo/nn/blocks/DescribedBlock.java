package dev.jumbo.nn.blocks;

import dev.jumbo.nn.Division;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A block of a described model, as {@link Recomputation} or {@link GatedBlocks} would make it: by the same cuts, without a byte
 * allocated.
 *
 * @param paths of its layers, from the model's root; empty text for the model itself
 * @param outputs what comes out of it, for one example
 * @param trained values of its parameters that training changes, those that it shares with others too
 * @param twice whether its forward pass runs twice
 * @param last whether nothing comes behind it
 */
public record DescribedBlock(List<String> paths, Specs outputs, long trained, boolean twice, boolean last) {
    public DescribedBlock {
        paths = List.copyOf(paths);
    }

    /** Whether something at a path belongs to it. */
    public boolean holds(String path) {
        for (String own : paths) {
            int end = own.length();
            if (path.startsWith(own) && (end == 0 || path.length() == end || path.charAt(end) == '.')) {
                return true;
            }
        }
        return false;
    }

    /** The blocks of a model whose forward pass runs twice, in order; and its last one. */
    public static List<DescribedBlock> recomputed(Layer model, Specs in) {
        return of(model, in, ParameterGroups.none(), new Described(true, false));
    }

    /** The blocks of a model whose parameters come and go. @param recompute whether blocks run twice too */
    public static List<DescribedBlock> gated(Layer model, Specs in, ParameterGroups groups, boolean recompute) {
        return of(model, in, groups, new Described(recompute, true));
    }

    private static List<DescribedBlock> of(Layer model, Specs in, ParameterGroups groups, Described division) {
        FlatOrder.of(model, in, groups, division);
        return division.blocks.stream().map(division::described).toList();
    }

    /** Notes the blocks, which it counts as the division does that it stands for. */
    private static final class Described implements Division {
        private final boolean recompute;
        private final boolean gated;
        private final List<Block> blocks = new ArrayList<>();
        /** Most models repeat a block, which is asked once. */
        private final Map<List<List<Object>>, Boolean> worth = new HashMap<>();

        Described(boolean recompute, boolean gated) {
            this.recompute = recompute;
            this.gated = gated;
        }

        @Override
        public List<Integer> cut(List<Layer.Part> row) {
            return gated ? GatedBlocks.cut(row, recompute) : Cuts.of(row);
        }

        @Override
        public Network block(Block block) {
            if (gated ? GatedBlocks.trains(block) || isTwice(block) : isWorthIt(block)) {
                blocks.add(block);
            }
            return block.network();
        }

        private boolean isTwice(Block block) {
            return recompute && !block.last() && isWorthIt(block);
        }

        private boolean isWorthIt(Block block) {
            return worth.computeIfAbsent(
                    block.parts().stream()
                            .map(part -> List.<Object>of(part.layer(), part.inputs()))
                            .toList(),
                    key -> Recomputation.isWorthIt(block.parts()));
        }

        /** Once groups are known, which say what is frozen. */
        DescribedBlock described(Block block) {
            Layer.Part first = block.parts().get(0);
            String container = block.path()
                    .substring(0, block.path().length() - first.path().length());
            Layer.Part end = block.parts().get(block.parts().size() - 1);
            return new DescribedBlock(
                    block.parts().stream().map(part -> container + part.path()).toList(),
                    end.layer().outputs(end.inputs()),
                    block.slots().stream()
                            .filter(p -> p.role() != Parameter.Role.BUFFER && !p.isFrozen())
                            .mapToLong(p -> p.shape().elements())
                            .sum(),
                    gated ? isTwice(block) : !block.last(),
                    block.last());
        }

        @Override
        public int count() {
            return blocks.size();
        }

        @Override
        public void rethrow() {}

        @Override
        public void abandon() {}

        @Override
        public void close() {}
    }
}

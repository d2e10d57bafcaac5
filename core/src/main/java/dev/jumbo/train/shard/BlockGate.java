package dev.jumbo.train.shard;

import dev.jumbo.nn.FlatRegion;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.blocks.Gate;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The way of a block's parameters: from all workers to the block, and of their gradients back. */
final class BlockGate implements Gate {
    private final FullShard shard;
    private final int index;
    private final List<Parameter> slots;
    private final boolean stays;
    private final List<SharedRegion> regions = new ArrayList<>();

    /**
     * @param index of the block, in the order of the forward pass
     * @param stays whether the values stay until the backward pass
     */
    BlockGate(FullShard shard, int index, List<Parameter> slots, boolean stays) {
        this.shard = shard;
        this.index = index;
        this.slots = slots;
        this.stays = stays;
    }

    int index() {
        return index;
    }

    /** What of the block's parameters training changes. */
    List<Parameter> trained() {
        return slots.stream()
                .filter(p -> p.role() != Parameter.Role.BUFFER && !p.isFrozen())
                .sorted(Comparator.comparing(Parameter::role))
                .toList();
    }

    List<SharedRegion> regions() {
        return regions;
    }

    /** Lays out the parameters. @param uses in how many blocks each is; @param common those that are in several, each apart */
    void divide(Map<Parameter, Long> uses, Map<Parameter, SharedRegion> common) {
        List<Parameter> low = new ArrayList<>();
        List<Parameter> full = new ArrayList<>();
        for (Parameter p : trained()) {
            boolean isLow = shard.isBf16() && p.role() != Parameter.Role.NORM;
            if (uses.getOrDefault(p, 1L) > 1) {
                regions.add(common.computeIfAbsent(p, shared -> region(List.of(shared), isLow)));
            } else {
                (isLow ? low : full).add(p);
            }
        }
        if (!low.isEmpty()) {
            regions.add(region(low, true));
        }
        if (!full.isEmpty()) {
            regions.add(region(full, false));
        }
    }

    private SharedRegion region(List<Parameter> parameters, boolean low) {
        return new SharedRegion(shard, new FlatRegion(parameters, low ? DType.BFLOAT16 : DType.FLOAT32));
    }

    @Override
    public boolean learns() {
        return !regions.isEmpty();
    }

    @Override
    public Entry enter(boolean back) {
        if (!back) {
            shard.pass(this);
        }
        return new Stay(shard.come(this, back));
    }

    /** Of a pass without rows: what other workers do here. */
    void passBy(boolean back) {
        if (!back || !stays) {
            shard.come(this, back).forEach(Tensor::close);
        } else {
            shard.approach(index - 1);
        }
        if (back) {
            try (Scope scope = Scope.open()) {
                regions.forEach(region -> region.add(region.memory()));
            }
        }
    }

    private final class Stay implements Entry {
        private final List<Tensor> values;
        private final List<List<Tensor>> leaves = new ArrayList<>();
        private final List<Tensor> gradients = new ArrayList<>();
        private boolean left;

        Stay(List<Tensor> values) {
            this.values = values;
            try (Scope scope = Scope.open()) {
                for (int i = 0; i < values.size(); i++) {
                    leaves.add(regions.get(i).flat().leaves(values.get(i)));
                }
            }
        }

        @Override
        public void leave() {
            if (!left) {
                left = true;
                values.forEach(Tensor::vacate);
                regions.forEach(region -> region.flat().leave());
            }
        }

        @Override
        public void again() {
            if (!left) {
                shard.approach(index - 1);
                return;
            }
            List<Tensor> fetched = shard.come(BlockGate.this, true);
            for (int i = 0; i < values.size(); i++) {
                values.get(i).refill(fetched.get(i));
                fetched.get(i).close();
                regions.get(i).flat().use(leaves.get(i));
            }
            left = false;
        }

        @Override
        public void expectGradients() {
            try (Scope scope = Scope.open();
                    Autograd off = Autograd.noGrad()) {
                for (int i = 0; i < values.size(); i++) {
                    Tensor flat = regions.get(i).memory().retain();
                    gradients.add(flat);
                    regions.get(i).flat().gradientsInto(leaves.get(i), flat);
                }
            }
        }

        @Override
        public void takeGradients() {
            leave();
            for (int i = 0; i < gradients.size(); i++) {
                regions.get(i).add(gradients.get(i));
            }
        }

        @Override
        public void close() {
            if (!left) {
                left = true;
                regions.forEach(region -> region.flat().leave());
            }
            leaves.forEach(each -> each.forEach(Tensor::close));
            values.forEach(Tensor::close);
            gradients.forEach(Tensor::close);
        }
    }
}

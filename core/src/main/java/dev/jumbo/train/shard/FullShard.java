package dev.jumbo.train.shard;

import dev.jumbo.dist.Agreement;
import dev.jumbo.dist.World;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.FlatOrder;
import dev.jumbo.nn.FlatRange;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Segment;
import dev.jumbo.nn.blocks.Gate;
import dev.jumbo.nn.blocks.GatedBlocks;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.parallel.GradientSum;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A worker's part of everything (Rajbhandari et al., 2020, "ZeRO", stage 3; Zhao et al., 2023, "PyTorch FSDP"): each of N workers
 * keeps a share of each block's values, gradients and optimizer state. Before a block runs, forward and backward, its values are
 * put together on all workers; behind it they are freed, and its gradients go to those who keep them.
 *
 * <pre>
 * bytes per parameter with Adam      each of N        of the block that runs, and the one that is fetched meanwhile
 * fp32                               16/N             4 values each, 4 gradients
 * bf16                               16/N             2 values each, 2 gradients, and 4 while they are summed
 * </pre>
 *
 * The shares are fp32, whatever blocks compute in. Optimizers work element by element, so a step gives each value what it gives
 * it on one worker; the norm for clipping is added up from the norms of the parts.
 */
public final class FullShard implements FlatSlice, GatedBlocks.Owner, GradientSum {
    private final World world;
    private final Device device;
    private final boolean bf16;
    private final List<BlockGate> gates = new ArrayList<>();
    private List<Piece> pieces = List.of();
    private List<Segment> segments = List.of();
    private @Nullable FlatOrder order;
    /** What is fetched for the block that comes next, and which one that is; -1 for none. */
    private final List<SharedRegion.Fetched> next = new ArrayList<>();

    private int nextIndex = -1;
    /** Blocks that the forward pass under way has gone through; null outside of one. */
    private @Nullable BitSet passed;

    private Tensor values;
    private Tensor gradients;

    /** @param bf16 whether blocks compute in bf16 */
    public FullShard(World world, Device device, boolean bf16) {
        this.world = world;
        this.device = device;
        this.bf16 = bf16;
        try (Scope scope = Scope.open()) {
            values = Tensor.zeros(Shape.of(0)).to(device).retain();
            gradients = Tensor.zeros(Shape.of(0)).to(device).retain();
        }
    }

    @Override
    public Gate gate(List<Parameter> slots, boolean stays) {
        BlockGate gate = new BlockGate(this, gates.size(), slots, stays);
        gates.add(gate);
        return gate;
    }

    /** Divides the parameters and gives the own share its first values, drawing no parameter of which it has nothing. */
    @Override
    public void hold(FlatOrder order, Function<Parameter, Tensor> first) {
        this.order = order;
        Map<Parameter, Long> uses = new HashMap<>();
        gates.forEach(gate -> gate.trained().forEach(p -> uses.merge(p, 1L, Long::sum)));
        for (Parameter p : order.trainable()) {
            if (!uses.containsKey(p)) {
                throw new IllegalStateException("the parameter " + p.name() + " is in no block");
            }
        }
        Map<Parameter, SharedRegion> shared = new HashMap<>();
        gates.forEach(gate -> gate.divide(uses, shared));
        pieces = Piece.inOrder(order, regions());
        segments = Piece.segments(pieces, Segment.of(order.trainable()));
        long own = pieces.stream().mapToLong(piece -> piece.whole().length()).sum();
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            values.close();
            gradients.close();
            values = Tensor.zeros(Shape.of(own)).to(device).retain();
            gradients = Tensor.zeros(Shape.of(own)).to(device).retain();
            for (Parameter p : order.trainable()) {
                take(p, () -> first.apply(p));
            }
        }
    }

    /** Each once, in the order of the blocks. */
    List<SharedRegion> regions() {
        return gates.stream()
                .flatMap(gate -> gate.regions().stream())
                .distinct()
                .toList();
    }

    /** Takes over what this worker has of a parameter. @param value gives all of it, in the order of memory; asked for where it is needed */
    public void take(Parameter p, Supplier<Tensor> value) {
        List<Piece> own =
                pieces.stream().filter(piece -> piece.parameter() == p).toList();
        if (own.isEmpty()) {
            return;
        }
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Tensor flat = value.get();
            own.forEach(
                    piece -> piece.here().of(values).copy_(piece.inParameter().of(flat)));
        }
    }

    /** All fp32 values of a parameter, from those who have them. Every worker calls it, and gets them in its scope. */
    public Tensor gather(Parameter p) {
        SharedRegion region = regions().stream()
                .filter(r -> r.flat().parameters().contains(p))
                .findFirst()
                .orElseThrow();
        try (Autograd off = Autograd.noGrad()) {
            Tensor flat = Tensor.zeros(Shape.of(p.shape().elements())).to(device);
            pieces.stream()
                    .filter(piece -> piece.parameter() == p)
                    .forEach(piece ->
                            piece.inParameter().of(flat).copy_(piece.here().of(values)));
            for (int rank = 0; rank < world.size(); rank++) {
                FlatRange theirs = region.share(rank).intersect(region.place(p));
                if (!theirs.isEmpty()) {
                    world.broadcast(theirs.relativeTo(region.place(p).start()).of(flat), rank);
                }
            }
            return flat;
        }
    }

    /**
     * The values of a block on this worker, and starts fetching those of the block that comes next.
     *
     * @return one flat tensor for each of its regions, retained: the caller closes them
     */
    List<Tensor> come(BlockGate gate, boolean back) {
        List<SharedRegion.Fetched> mine = new ArrayList<>();
        if (nextIndex == gate.index()) {
            mine.addAll(next);
            next.clear();
        } else {
            gate.regions().forEach(region -> mine.add(region.fetch()));
        }
        try {
            mine.forEach(fetched -> fetched.work().await());
            approach(gate.index() + (back ? -1 : 1));
        } catch (RuntimeException e) {
            mine.forEach(fetched -> fetched.flat().close());
            throw e;
        }
        return mine.stream().map(SharedRegion.Fetched::flat).toList();
    }

    /** Starts fetching a block's values, if there is such a block. What was fetched for another one is not needed then. */
    void approach(int index) {
        dropNext();
        if (index >= 0 && index < gates.size()) {
            nextIndex = index;
            gates.get(index).regions().forEach(region -> next.add(region.fetch()));
        }
    }

    private void dropNext() {
        nextIndex = -1;
        List<SharedRegion.Fetched> dropped = List.copyOf(next);
        next.clear();
        try {
            dropped.forEach(fetched -> fetched.work().await());
        } finally {
            dropped.forEach(fetched -> fetched.flat().close());
        }
    }

    /** Of the whole model. */
    public FlatOrder order() {
        return Objects.requireNonNull(order);
    }

    World world() {
        return world;
    }

    Device device() {
        return device;
    }

    boolean isBf16() {
        return bf16;
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** Where the own values lie among those of the whole model, in the order of {@link #values}. */
    public List<FlatRange> ranges() {
        return pieces.stream().map(Piece::whole).toList();
    }

    /** How many values the whole model has. */
    public long total() {
        return FlatOrder.count(order().trainable());
    }

    @Override
    public Tensor values() {
        return values;
    }

    @Override
    public Tensor gradients() {
        return gradients;
    }

    @Override
    public List<Segment> segments() {
        return segments;
    }

    /** Nothing to do: blocks get the values when they run. */
    @Override
    public void valuesChanged() {}

    /** The sum of a number over all workers, as of the squared norms of their gradients. */
    public double sum(double number) {
        try (Scope scope = Scope.open()) {
            return new Agreement(world, device).sum(number).await()[0];
        }
    }

    @Override
    public void beginPass() {
        passed = new BitSet();
    }

    /** In the forward pass. @throws InputException if it goes through a block again: a worker without rows would not */
    void pass(BlockGate gate) {
        BitSet before = passed;
        if (before != null && before.get(gate.index())) {
            throw new InputException(
                    "train.objective: expected one pass through the whole model, as it says by passesOnce(),"
                            + " received a second one; say false, and train with data_parallel or zero1");
        }
        if (before != null) {
            before.set(gate.index());
        }
    }

    @Override
    public void endPass() {
        BitSet before = passed;
        passed = null;
        if (before != null && before.cardinality() < gates.size()) {
            throw new InputException(
                    "train.objective: expected one pass through the whole model, as it says by passesOnce(),"
                            + " received one through " + before.cardinality() + " of " + gates.size()
                            + " blocks; say false, and train with data_parallel or zero1");
        }
    }

    /** Nothing to do: gradients are summed block by block. */
    @Override
    public void begin() {}

    @Override
    public void finish() {}

    @Override
    public void forwardWithoutRows() {
        for (BlockGate gate : gates) {
            gate.passBy(false);
        }
    }

    @Override
    public void backwardWithoutRows() {
        for (int i = gates.size() - 1; i >= 0; i--) {
            gates.get(i).passBy(true);
        }
    }

    /** Behind a pass over some rows, the values stay with this; {@link #free} frees them. */
    @Override
    public void close() {}

    /** Frees all. */
    public void free() {
        next.forEach(fetched -> fetched.flat().close());
        next.clear();
        values.close();
        gradients.close();
    }
}

package dev.jumbo.train.shard;

import dev.jumbo.dist.World;
import dev.jumbo.nn.FlatRange;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.FlatStore;
import dev.jumbo.nn.Segment;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.parallel.GradientSum;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A worker's part of the values (Rajbhandari et al., 2020, "ZeRO", stage 1): each of N workers keeps the optimizer's state
 * of one contiguous range, steps it, and sends it to all others.
 *
 * <pre>
 * bytes per parameter with Adam      one worker     each of N
 * fp32                                       16     8 + 8/N      values 4, gradients 4, moments 8/N
 * bf16                                       20     4 + 12/N     bf16 values 2 and gradients 2, fp32 values 4/N, moments 8/N
 * </pre>
 *
 * In bf16 the gradients of a step are summed in fp32, a bucket at a time, and the sums of the own range (4/N bytes) live
 * during the step only; over the batches of an accumulated step they add up in bf16.
 *
 * <p>Optimizers work element by element, so a step gives each value what it gives it on one worker. The norm for clipping is
 * added up from the norms of the parts, which rounds differently from the norm of the whole.
 */
public final class Shard implements FlatSlice, GradientSum {
    private final FlatStore store;
    private final World world;
    private final boolean bf16;
    private final long bucket;
    private final FlatRange own;
    private final Tensor values;
    private @Nullable Tensor gradients;

    private Shard(FlatStore store, World world, boolean bf16, long bucket) {
        this.store = store;
        this.world = world;
        this.bf16 = bf16;
        this.bucket = bucket;
        own = share(world.rank());
        startAlike();
        if (bf16) {
            store.prepareShare(own);
        } else {
            store.prepareTraining(false);
        }
        try (Scope scope = Scope.open()) {
            values = bf16 ? store.values() : own.of(store.values()).retain();
            gradients = bf16 ? null : own.of(store.gradients()).retain();
        }
    }

    /**
     * Prepares a store for training, of which this worker steps its share.
     *
     * @param bf16 whether to compute in bf16 over fp32 values
     * @param bucketMegabytes gradients in bf16 are summed in pieces of this size
     */
    public static Shard prepare(FlatStore store, World world, boolean bf16, double bucketMegabytes) {
        return new Shard(store, world, bf16, Math.max(1, Math.round(bucketMegabytes * 1e6 / DType.FLOAT32.bytes())));
    }

    /** Whether it sums the gradients: in bf16. In fp32 they are summed as a whole, as without shares. */
    public boolean sumsGradients() {
        return bf16;
    }

    /** Which of the model's values this worker steps. */
    public FlatRange range() {
        return own;
    }

    @Override
    public Tensor values() {
        return values;
    }

    /** The gradients of the own range. @throws IllegalStateException in bf16, before {@link #finish} in the same scope */
    @Override
    public Tensor gradients() {
        if (gradients == null) {
            throw new IllegalStateException("expected gradients, found none: call finish first");
        }
        return gradients;
    }

    @Override
    public long start() {
        return own.start();
    }

    @Override
    public List<Segment> segments() {
        return bf16 ? store.segments() : Segment.within(own, store.segments());
    }

    /** Everybody begins with what the first worker has. */
    private void startAlike() {
        for (Tensor all : List.of(store.values(), store.buffers())) {
            if (all.elements() > 0) {
                world.broadcast(all, 0);
            }
        }
        store.alignFrozen(all -> world.broadcast(all, 0));
    }

    /** Nothing to do: sums are made when all gradients are there. */
    @Override
    public void begin() {}

    /** Sums the gradients in bf16 over all workers; {@link #gradients()} are there as long as the innermost scope is open. */
    @Override
    public void finish() {
        Tensor sums = Tensor.zeros(Shape.of(own.length())).to(values.device());
        for (FlatStore.FlatTensors part : store.parts()) {
            for (long at = part.range().start(); at < part.range().end(); at += bucket) {
                FlatRange piece =
                        new FlatRange(at, Math.min(at + bucket, part.range().end()));
                sumPiece(part, piece, sums);
            }
        }
        gradients = sums;
    }

    private void sumPiece(FlatStore.FlatTensors part, FlatRange piece, Tensor sums) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Tensor sum =
                    piece.relativeTo(part.range().start()).of(part.gradients()).to(DType.FLOAT32);
            world.allReduceSum(sum).await();
            FlatRange mine = piece.intersect(own);
            if (!mine.isEmpty()) {
                mine.relativeTo(own.start())
                        .of(sums)
                        .copy_(mine.relativeTo(piece.start()).of(sum));
            }
        }
    }

    /** The sum of a number over all workers, as of the squared norms of their gradients. */
    public double sum(double number) {
        try (Scope scope = Scope.open()) {
            Tensor total = Tensor.full(Shape.of(1), number, DType.FLOAT64).to(values.device());
            world.allReduceSum(total).await();
            return total.item();
        }
    }

    /** Brings what passes compute with up to date on all workers. Every worker calls it. */
    @Override
    public void valuesChanged() {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            store.valuesChanged();
            store.parts().forEach(this::exchange);
        }
    }

    private void exchange(FlatStore.FlatTensors part) {
        if (!part.range().equals(store.whole())) {
            broadcast(part.range(), part.values());
            return;
        }
        FlatRange equal = new FlatRange(0, share(0).length() * world.size());
        if (!equal.isEmpty() && world.size() > 1) {
            world.allGather(equal.of(part.values())).await();
        }
        FlatRange rest = new FlatRange(equal.end(), store.whole().end());
        if (!rest.isEmpty()) {
            world.broadcast(rest.of(part.values()), world.size() - 1);
        }
    }

    /** The fp32 values of any range, from those who have them. Every worker calls it, and gets them in its scope. */
    public Tensor gather(FlatRange range) {
        FlatRange mine = own.intersect(range);
        return together(
                range,
                mine.start(),
                mine.isEmpty()
                        ? values.narrow(0, 0, 0)
                        : mine.relativeTo(own.start()).of(values));
    }

    /**
     * What all workers have of a range, in the scope of each. Every worker calls it.
     *
     * @param start where this worker's part begins, in the values of the whole model
     * @param part this worker's, FLOAT32; empty if it has nothing of the range
     */
    public Tensor together(FlatRange range, long start, Tensor part) {
        try (Autograd off = Autograd.noGrad()) {
            Tensor gathered = Tensor.zeros(Shape.of(range.length())).to(values.device());
            if (part.elements() > 0) {
                gathered.narrow(0, start - range.start(), part.elements()).copy_(part);
            }
            broadcast(range, gathered);
            return gathered;
        }
    }

    /** Sends to all what each owner has of a range. */
    private void broadcast(FlatRange range, Tensor flat) {
        for (int rank = 0; rank < world.size(); rank++) {
            FlatRange theirs = share(rank).intersect(range);
            if (!theirs.isEmpty()) {
                world.broadcast(theirs.relativeTo(range.start()).of(flat), rank);
            }
        }
    }

    private FlatRange share(int rank) {
        return FlatRange.share(store.whole().length(), rank, world.size());
    }

    /** Frees the views; the store stays. */
    @Override
    public void close() {
        if (!bf16) {
            values.close();
            if (gradients != null) {
                gradients.close();
            }
        }
    }
}

package dev.jumbo.train.shard;

import dev.jumbo.dist.Work;
import dev.jumbo.dist.World;
import dev.jumbo.nn.FlatRange;
import dev.jumbo.nn.FlatRegion;
import dev.jumbo.nn.Parameter;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Parameters of a block, or such as several blocks share, whose values all workers divide evenly. */
final class SharedRegion {
    private final FullShard shard;
    private final World world;
    private final FlatRegion flat;
    private final long each;
    private final Map<Parameter, FlatRange> places = new HashMap<>();

    private @Nullable List<Piece> pieces;

    /** Values on their way. */
    record Fetched(Tensor flat, Work work) {}

    SharedRegion(FullShard shard, FlatRegion flat) {
        this.shard = shard;
        this.flat = flat;
        world = shard.world();
        each = (flat.length() + world.size() - 1) / world.size();
        flat.each(places::put);
    }

    FlatRegion flat() {
        return flat;
    }

    int rank() {
        return world.rank();
    }

    FlatRange place(Parameter p) {
        return Objects.requireNonNull(places.get(p));
    }

    /** What a worker keeps; the memory is padded so that all shares are as long. */
    FlatRange share(int rank) {
        return new FlatRange(Math.min(flat.length(), rank * each), Math.min(flat.length(), (rank + 1) * each));
    }

    private List<Piece> pieces() {
        if (pieces == null) {
            pieces = shard.pieces().stream()
                    .filter(piece -> piece.region() == this)
                    .toList();
        }
        return pieces;
    }

    /** Starts putting the values together. @return what the caller closes, once they are there */
    Fetched fetch() {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Tensor all = memory().retain();
            try {
                pieces().forEach(piece ->
                        piece.inRegion().of(all).copy_(piece.here().of(shard.values())));
                return new Fetched(all, world.allGather(all));
            } catch (RuntimeException e) {
                all.close();
                throw e;
            }
        }
    }

    /** Zeros for the values of all workers, in the caller's scope. */
    Tensor memory() {
        return Tensor.zeros(Shape.of(each * world.size()), flat.type()).to(shard.device());
    }

    /** Sums gradients over all workers, and adds those of the own share to what it has. */
    void add(Tensor gradients) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Tensor sum = gradients.to(DType.FLOAT32);
            world.allReduceSum(sum).await();
            pieces().forEach(piece ->
                    piece.here().of(shard.gradients()).add_(piece.inRegion().of(sum)));
        }
    }
}

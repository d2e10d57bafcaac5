package dev.jumbo.nn.layers.encoder;

import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Network;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.each.Lookups;
import dev.jumbo.nn.layers.sequence.KeyCache;
import dev.jumbo.nn.layers.sequence.Positions;
import dev.jumbo.tensor.Attentions;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A built {@link Attention}.
 *
 * @param d width of a head
 * @param table of relative positions, or null
 */
record AttentionNetwork(
        Attention layer, String path, int d, @Nullable Parameter table, Map<String, Network> parts) implements Network {
    private static final int OUT = 3;
    private static final int STEPS = 2;

    @Override
    public Tensors forward(Tensors xs, Pass pass) {
        Tensor x = xs.main();
        Tensor q = perHead(0, xs, pass);
        KeyCache seen = layer.across() ? across(xs, pass) : own(xs, pass);
        double rate = pass.training() ? layer.dropout() : 0;
        Tensor y = Attentions.of(
                q, seen.keys(), seen.values(), seen.mask(), layer.causal(), rate, bias(x, seen, pass), layer.scale());
        Tensor joined = y.transpose(1, 2).reshape(x.size(0), x.size(1), (long) layer.heads() * d);
        return Tensors.of(part(OUT).forward(xs.withMain(joined), pass).main());
    }

    private KeyCache own(Tensors xs, Pass pass) {
        return KeyCache.of(pass, path, xs, perHead(1, xs, pass), perHead(2, xs, pass));
    }

    private KeyCache across(Tensors xs, Pass pass) {
        Tensors read = xs.withMain(xs.require(Masks.MEMORY));
        return KeyCache.across(pass, path, xs, () -> List.of(perHead(1, read, pass), perHead(2, read, pass)));
    }

    /** {@code [1, heads, T, S]}, or {@code [N, heads, T, S]} where each example's gradient is wanted. */
    private @Nullable Tensor bias(Tensor x, KeyCache seen, Pass pass) {
        @Nullable RelativePositions relative = layer.relativePositions();
        @Nullable Parameter shared = table;
        if (relative == null || shared == null) {
            return null;
        }
        long first = Positions.first(pass);
        Tensor ids = relative.ids(first, x.size(1), seen.keys().size(STEPS), layer.causal())
                .to(x.device())
                .unsqueeze(0);
        if (pass.keepsExamplesApart()) {
            ids = ids.expand(x.size(0), ids.size(1), ids.size(2)).contiguous();
        }
        Tensor each = ids;
        Tensor taken = pass.perExample(
                Functional.embedding(each, shared.tensor(), -1),
                (gradient, into) -> into.add(shared, Lookups.of(gradient, each, relative.buckets(), -1)));
        return taken.permute(0, 3, 1, 2);
    }

    /** {@code [N, heads, steps, d]}. */
    private Tensor perHead(int which, Tensors xs, Pass pass) {
        Tensor wide = part(which).forward(xs, pass).main();
        return wide.view(wide.size(0), wide.size(1), layer.heads(), d).transpose(1, STEPS);
    }

    private Network part(int which) {
        String name = layer.names().get(which);
        return Objects.requireNonNull(parts.get(name), name);
    }
}

package dev.jumbo.nn.layers.encoder;

import dev.jumbo.nn.Network;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/** A built {@link AttentionBlock}. */
record BlockNetwork(AttentionBlock layer, Map<String, Network> parts) implements Network {
    @Override
    public Tensors forward(Tensors xs, Pass pass) {
        BlockNames names = layer.names();
        Tensor x = around(names.selfNorm(), xs.main(), xs, pass, y -> run(names.self(), y, xs, pass));
        if (layer.across() != null) {
            x = around(names.acrossNorm(), x, xs, pass, y -> run(names.across(), y, xs, pass));
        }
        return Tensors.of(around(names.denseNorm(), x, xs, pass, y -> dense(y, xs, pass)));
    }

    private Tensor around(String norm, Tensor x, Tensors xs, Pass pass, UnaryOperator<Tensor> inside) {
        Tensor made = inside.apply(layer.normFirst() ? run(norm, x, xs, pass) : x);
        Tensor sum = x.add(drop(made, layer.dropout(), pass));
        return layer.normFirst() ? sum : run(norm, sum, xs, pass);
    }

    private Tensor dense(Tensor x, Tensors xs, Pass pass) {
        BlockNames names = layer.names();
        Tensor up = run(names.up(), x, xs, pass);
        Tensor inside = layer.gated() ? run(names.gate(), x, xs, pass).mul(up) : up;
        return run(names.down(), drop(inside, layer.activationDropout(), pass), xs, pass);
    }

    private Tensor run(String name, Tensor x, Tensors xs, Pass pass) {
        return Objects.requireNonNull(parts.get(name), name)
                .forward(xs.withMain(x), pass)
                .main();
    }

    private static Tensor drop(Tensor x, double rate, Pass pass) {
        return Functional.dropout(x, rate, pass.training() && rate > 0);
    }
}

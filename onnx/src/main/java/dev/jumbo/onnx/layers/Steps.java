package dev.jumbo.onnx.layers;

import dev.jumbo.nn.Masks;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.graph.Value;
import dev.jumbo.onnx.graph.Values;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Steps of sequences {@code [N, T, ...]}, which are counted when the model runs where their number varies. */
final class Steps {
    private Steps() {}

    /** 0, 1, 2 ... below T. */
    static String counted(Values in, Drawing to) {
        Value x = in.main();
        if (!x.spec().varies(0)) {
            return to.integers(LongStream.range(0, x.shape().size(0)).toArray());
        }
        String from = source(in);
        return to.once(
                "steps " + from,
                () -> to.node(
                        "Range", to.integer(0), to.node("Squeeze", length(in, to), to.integers(0)), to.integer(1)));
    }

    /** T, {@code [1]}. */
    static String length(Values in, Drawing to) {
        Value x = in.main();
        if (!x.spec().varies(0)) {
            return to.integers(x.shape().size(0));
        }
        String from = source(in);
        return to.once("length " + from, () -> Functions.size(from, 1, to));
    }

    /** The mask has as many steps as each layer's input, so that all layers count them once. */
    private static String source(Values in) {
        @Nullable Value mask = in.get(Masks.MASK);
        return mask == null ? in.main().name() : mask.name();
    }
}

package dev.jumbo.onnx.layers;

import dev.jumbo.nn.Masks;
import dev.jumbo.onnx.format.ElementType;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.graph.Values;

/** Masks of padded sequences as numbers. */
final class Padded {
    private Padded() {}

    /** 1 at real steps, 0 at others, {@code [N, 1, L]}: as {@link dev.jumbo.nn.PaddedChannels#real}. */
    static String channels(Values in, Drawing to) {
        return numbers(in.require(Masks.MASK).name(), 1, to);
    }

    /** A mask {@code [N, T]} as numbers, with a dimension of 1 at a place. */
    static String numbers(String mask, int dim, Drawing to) {
        return to.once(
                "mask " + mask + " " + dim,
                () -> to.node("Unsqueeze", Functions.cast(mask, ElementType.FLOAT, to), to.integers(dim)));
    }
}

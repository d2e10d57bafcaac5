package dev.jumbo.onnx.layers;

import dev.jumbo.onnx.format.OnnxAttribute;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.graph.Value;
import dev.jumbo.onnx.graph.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code softmax(q k^T / sqrt(d) + m) v} for each head, as {@link dev.jumbo.tensor.Attentions} computes it. */
final class Attending {
    /** Added to the scores of what may not be seen. Finite: a row of nothing but these becomes a mean of all. */
    private static final double HIDDEN = -1e9;

    private Attending() {}

    /**
     * @param q {@code [N, heads, T, d]}
     * @param k {@code [N, heads, S, d]}
     * @param v {@code [N, heads, S, e]}
     * @param added to the scores, or null for nothing
     * @return {@code [N, T, heads e]}
     */
    static String of(String q, String k, String v, @Nullable String added, long d, long width, Drawing to) {
        return scaled(q, k, v, added, 1 / Math.sqrt((double) d), width, to);
    }

    /** As {@link #of}, with another factor of the scores. */
    static String scaled(String q, String k, String v, @Nullable String added, double factor, long width, Drawing to) {
        String scaled = factor == 1 ? q : to.node("Mul", q, to.real(factor));
        String scores = to.node("MatMul", scaled, Functions.transpose(k, to, 0, 1, 3, 2));
        String seen = added == null ? scores : to.node("Add", scores, added);
        String y = to.node("MatMul", Functions.softmax(seen, -1, to), v);
        return Functions.reshape(Functions.transpose(y, to, 0, 2, 1, 3), to, 0, -1, width);
    }

    /**
     * What is added to the scores of a sequence with itself, {@code [T, T]} or {@code [N, 1, T, T]}.
     *
     * @param in whose main value has the steps
     * @param mask which steps are real, or null
     * @return null for nothing
     */
    static @Nullable String added(Values in, @Nullable Value mask, boolean causal, Drawing to) {
        return added(in, mask, causal, null, to);
    }

    /** As {@link #added(Values, Value, boolean, Drawing)}. @param window steps that a step sees where causal, itself among them; null for all */
    static @Nullable String added(
            Values in, @Nullable Value mask, boolean causal, @Nullable Integer window, Drawing to) {
        String hidden = mask == null ? null : hidden(mask, to);
        if (!causal) {
            return hidden;
        }
        String length = Steps.length(in, to);
        String all = to.once(
                "all hidden " + length,
                () -> to.node("Expand", to.real(HIDDEN), Functions.concat(List.of(length, length), 0, to)));
        String after = to.once(
                "later " + length, () -> to.node("Trilu", List.of(all, to.integer(1)), OnnxAttribute.of("upper", 1)));
        String later = window == null
                ? after
                : to.once("outside of " + window + " of " + length, () -> {
                    String before = to.node("Trilu", List.of(all, to.integer(-window)), OnnxAttribute.of("upper", 0));
                    return to.node("Add", after, before);
                });
        // Not twice as far: what no query sees would be no mean of all.
        return hidden == null
                ? later
                : to.once(
                        later + " and " + hidden, () -> to.node("Max", to.node("Add", later, hidden), to.real(HIDDEN)));
    }

    /** 0 at real steps, far below at others, {@code [N, 1, 1, S]}. */
    static String hidden(Value mask, Drawing to) {
        return to.once(
                "hidden " + mask.name(),
                () -> to.node(
                        "Unsqueeze", to.node("Where", mask.name(), to.real(0), to.real(HIDDEN)), to.integers(1, 2)));
    }

    /** {@code [N, T, heads d]} as {@code [N, heads, T, d]}. */
    static String perHead(String x, long heads, long d, Drawing to) {
        return Functions.transpose(Functions.reshape(x, to, 0, -1, heads, d), to, 0, 2, 1, 3);
    }
}

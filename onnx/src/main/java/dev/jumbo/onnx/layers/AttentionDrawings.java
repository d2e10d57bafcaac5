package dev.jumbo.onnx.layers;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.layers.sequence.CrossAttention;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import dev.jumbo.nn.layers.sequence.MultiHeadAttention;
import dev.jumbo.nn.layers.sequence.RopeScaling;
import dev.jumbo.onnx.format.ElementType;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.graph.LayerDrawing;
import dev.jumbo.onnx.graph.LayerDrawings;
import dev.jumbo.onnx.graph.Unsayable;
import dev.jumbo.onnx.graph.Value;
import dev.jumbo.onnx.graph.Values;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Attention, with several heads, to another sequence, and with grouped queries and rotary positions. */
public final class AttentionDrawings implements LayerDrawings {
    @Override
    public Map<Class<? extends Layer>, LayerDrawing<?>> drawings() {
        return Map.of(
                MultiHeadAttention.class, LayerDrawing.<MultiHeadAttention>single(AttentionDrawings::self),
                CrossAttention.class, LayerDrawing.<CrossAttention>single(AttentionDrawings::across),
                GroupedQueryAttention.class, LayerDrawing.<GroupedQueryAttention>single(AttentionDrawings::grouped));
    }

    private static String self(MultiHeadAttention layer, Values in, Drawing to) {
        long width = in.main().shape().size(1);
        long d = width / layer.heads();
        String[] qkv = new String[3];
        for (int i = 0; i < 3; i++) {
            String part = rows(in.main().name(), width, i, 1, layer.useBias(), to);
            qkv[i] = Attending.perHead(part, layer.heads(), d, to);
        }
        String added = Attending.added(in, in.get(Masks.MASK), layer.causal(), to);
        return out(Attending.of(qkv[0], qkv[1], qkv[2], added, d, width, to), width, layer.useBias(), to);
    }

    private static String across(CrossAttention layer, Values in, Drawing to) {
        long width = in.main().shape().size(1);
        long d = width / layer.heads();
        String memory = in.require(Masks.MEMORY).name();
        String q = rows(in.main().name(), width, 0, 1, layer.useBias(), to);
        String k = rows(memory, width, 1, 1, layer.useBias(), to);
        String v = rows(memory, width, 2, 1, layer.useBias(), to);
        @Nullable Value seen = in.get(Masks.MEMORY_MASK);
        String y = Attending.of(
                Attending.perHead(q, layer.heads(), d, to),
                Attending.perHead(k, layer.heads(), d, to),
                Attending.perHead(v, layer.heads(), d, to),
                seen == null ? null : Attending.hidden(seen, to),
                d,
                width,
                to);
        return out(y, width, layer.useBias(), to);
    }

    /** A product with some rows of {@code in_proj_weight}: queries, keys, values. */
    private static String rows(String x, long width, long from, long count, boolean bias, Drawing to) {
        String name = List.of("query", "key", "value").get((int) from);
        String weight = to.parameter(
                "in_proj_weight",
                name,
                Shape.of(width, count * width),
                w -> w.narrow(0, from * width, count * width).transpose(0, 1).contiguous());
        String y = to.node("MatMul", x, weight);
        return bias
                ? to.node(
                        "Add",
                        y,
                        to.parameter(
                                "in_proj_bias",
                                name,
                                Shape.of(count * width),
                                b -> b.narrow(0, from * width, count * width)))
                : y;
    }

    private static String out(String x, long width, boolean bias, Drawing to) {
        Drawing out = to.at("out_proj");
        String y = out.node(
                "MatMul",
                x,
                out.parameter(
                        "weight",
                        "transposed",
                        Shape.of(width, width),
                        w -> w.transpose(0, 1).contiguous()));
        return bias ? out.node("Add", y, out.parameter("bias", Shape.of(width))) : y;
    }

    private static String grouped(GroupedQueryAttention layer, Values in, Drawing to) {
        Map<String, Layer.Part> parts = new LinkedHashMap<>();
        layer.parts(in.specs()).forEach(part -> parts.put(part.path(), part));
        Spec x = in.main().spec();
        int groups = layer.kvHeads() == null ? layer.heads() : layer.kvHeads();
        long d = layer.headDim() == null ? x.shape().size(1) / layer.heads() : layer.headDim();
        String q = heads("q", layer.heads(), d, parts, in, to);
        String k = heads("k", groups, d, parts, in, to);
        String v = heads("v", groups, d, parts, in, to);
        if (layer.ropeTheta() > 0) {
            Turn turn = turn(layer, d, in, to);
            q = turn.of(q, d, to);
            k = turn.of(k, d, to);
        }
        String added = Attending.added(in, in.get(Masks.MASK), layer.causal(), layer.slidingWindow(), to);
        long wide = layer.heads() * d;
        String y = Attending.of(
                Functions.transpose(q, to, 0, 2, 1, 3),
                repeated(k, groups, layer.heads(), d, to),
                repeated(v, groups, layer.heads(), d, to),
                added,
                d,
                wide,
                to);
        Spec attended = new Spec(x.shape().with(1, wide), x.dtype(), x.varying());
        return to.part(part(parts, "o_proj"), in.withMain(new Value(y, attended)))
                .main()
                .name();
    }

    private static Layer.Part part(Map<String, Layer.Part> parts, String name) {
        return Objects.requireNonNull(parts.get(name), name);
    }

    /** {@code [N, T, heads, d]}, normalised where the layer does. */
    private static String heads(String name, int heads, long d, Map<String, Layer.Part> parts, Values in, Drawing to) {
        String wide = to.part(part(parts, name + "_proj"), in).main().name();
        String split = Functions.reshape(wide, to, 0, -1, heads, d);
        Layer.@Nullable Part norm = parts.get(name + "_norm");
        return norm == null
                ? split
                : to.part(norm, in.withMain(new Value(split, norm.inputs().main())))
                        .main()
                        .name();
    }

    /** Each group once for each of its heads, {@code [N, heads, T, d]}. */
    private static String repeated(String x, int groups, int heads, long d, Drawing to) {
        String each = Functions.transpose(x, to, 0, 2, 1, 3);
        if (groups == heads) {
            return each;
        }
        String all =
                to.node("Expand", to.node("Unsqueeze", each, to.integers(2)), to.integers(1, 1, heads / groups, 1, 1));
        return Functions.reshape(all, to, 0, heads, -1, d);
    }

    /** Rotary positions: pairs {@code i} and {@code i + d / 2} are turned. */
    private record Turn(String cos, String sin) {
        String of(String x, long d, Drawing to) {
            String first = Functions.slice(x, 3, 0, d / 2, to);
            String second = Functions.slice(x, 3, d / 2, d, to);
            String swapped = Functions.concat(List.of(to.node("Neg", second), first), 3, to);
            return to.node("Add", to.node("Mul", x, cos), to.node("Mul", swapped, sin));
        }
    }

    private static Turn turn(GroupedQueryAttention layer, long d, Values in, Drawing to) {
        @Nullable RopeScaling scaling = layer.ropeScaling();
        if (scaling != null && scaling.dependsOnLength()) {
            throw new Unsayable("angles of rotary positions depend on the length of a sequence (rope_type "
                    + scaling.ropeType().name().toLowerCase(Locale.ROOT) + "), which a graph of one form cannot say");
        }
        float[] frequencies = RopeScaling.frequencies((int) d, layer.ropeTheta(), scaling);
        double factor = scaling == null ? 1 : scaling.attention();
        @Nullable Value given = in.get(Masks.POSITIONS);
        String positions = given == null ? Steps.counted(in, to) : given.name();
        String key = " of " + positions + " " + Arrays.hashCode(frequencies) + " " + d + " " + factor;
        String angles = to.once("angles" + key, () -> {
            String steps = to.node("Unsqueeze", Functions.cast(positions, ElementType.FLOAT, to), to.integers(-1));
            String half = to.node("Mul", steps, to.reals("frequencies", frequencies, frequencies.length));
            return to.node("Unsqueeze", Functions.concat(List.of(half, half), -1, to), to.integers(-2));
        });
        return new Turn(
                to.once("cos" + key, () -> times(factor, to.node("Cos", angles), to)),
                to.once("sin" + key, () -> times(factor, to.node("Sin", angles), to)));
    }

    private static String times(double factor, String x, Drawing to) {
        return factor == 1 ? x : to.node("Mul", x, to.real(factor));
    }
}

package dev.jumbo.onnx.layers;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.layers.encoder.Attention;
import dev.jumbo.nn.layers.encoder.AttentionBlock;
import dev.jumbo.nn.layers.encoder.BlockNames;
import dev.jumbo.nn.layers.encoder.RelativePositions;
import dev.jumbo.nn.layers.encoder.SinusoidalPositions;
import dev.jumbo.nn.layers.encoder.TokenEmbeddings;
import dev.jumbo.onnx.format.ElementType;
import dev.jumbo.onnx.format.OnnxAttribute;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.graph.LayerDrawing;
import dev.jumbo.onnx.graph.LayerDrawings;
import dev.jumbo.onnx.graph.Value;
import dev.jumbo.onnx.graph.Values;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What encoders, and decoders behind them, are made of: embeddings of tokens, attention with projections by name, blocks. */
public final class EncoderDrawings implements LayerDrawings {
    @Override
    public Map<Class<? extends Layer>, LayerDrawing<?>> drawings() {
        return Map.of(
                TokenEmbeddings.class, LayerDrawing.<TokenEmbeddings>single(EncoderDrawings::embeddings),
                SinusoidalPositions.class, LayerDrawing.<SinusoidalPositions>single(EncoderDrawings::waves),
                Attention.class, LayerDrawing.<Attention>single(EncoderDrawings::attention),
                AttentionBlock.class, LayerDrawing.<AttentionBlock>single(EncoderDrawings::block));
    }

    private static Value part(Layer layer, String name, Values given, Values in, Drawing to) {
        for (Layer.Part part : layer.parts(in.specs())) {
            if (part.path().equals(name)) {
                return to.part(part, given).main();
            }
        }
        throw new IllegalArgumentException("no part " + name);
    }

    private static String embeddings(TokenEmbeddings layer, Values in, Drawing to) {
        Spec steps = new Spec(in.main().shape(), DType.INT64, in.main().spec().varying());
        Value x = part(layer, "word_embeddings", in, in, to);
        Value positions = new Value(positions(layer, in, to), steps);
        x = added(x, part(layer, "position_embeddings", in.withMain(positions), in, to), to);
        if (layer.types() > 0) {
            @Nullable Value given = in.get(TokenEmbeddings.TYPES);
            String none = to.node("Mul", integers(in, to), to.integer(0));
            Value types = given == null ? new Value(none, steps) : given;
            x = added(x, part(layer, "token_type_embeddings", in.withMain(types), in, to), to);
        }
        return part(layer, "LayerNorm", in.withMain(x), in, to).name();
    }

    private static Value added(Value a, Value b, Drawing to) {
        return new Value(to.node("Add", a.name(), b.name()), a.spec());
    }

    private static String integers(Values in, Drawing to) {
        Value ids = in.main();
        return ids.spec().dtype() == DType.INT64 ? ids.name() : Functions.cast(ids.name(), ElementType.INT64, to);
    }

    /** {@code [N, T]}, or {@code [T]} alike for all. */
    private static String positions(TokenEmbeddings layer, Values in, Drawing to) {
        @Nullable Value given = in.get(Masks.POSITIONS);
        @Nullable Integer padding = layer.paddingIdx();
        if (given != null) {
            return given.name();
        }
        if (!layer.positionsBehindPadding() || padding == null) {
            return Steps.counted(in, to);
        }
        String isPadding = to.node("Equal", integers(in, to), to.integer(padding));
        String real = Functions.cast(to.node("Not", isPadding), ElementType.INT64, to);
        String counted = to.node("CumSum", List.of(real, to.integer(1)));
        return to.node("Add", to.node("Mul", counted, real), to.integer(padding));
    }

    private static String waves(SinusoidalPositions layer, Values in, Drawing to) {
        Value x = in.main();
        float[] frequencies = SinusoidalPositions.frequencies((int) x.shape().size(1));
        @Nullable Value given = in.get(Masks.POSITIONS);
        String positions = given == null ? Steps.counted(in, to) : given.name();
        String angles = to.node(
                "Mul",
                to.node("Unsqueeze", Functions.cast(positions, ElementType.FLOAT, to), to.integers(-1)),
                to.reals("frequencies", frequencies, frequencies.length));
        String waves = Functions.concat(List.of(to.node("Sin", angles), to.node("Cos", angles)), -1, to);
        String scaled = layer.scale() == 1 ? x.name() : to.node("Mul", x.name(), to.real(layer.scale()));
        return to.node("Add", scaled, waves);
    }

    private static String attention(Attention layer, Values in, Drawing to) {
        Values read = layer.across() ? in.withMain(in.require(Masks.MEMORY)) : in;
        List<Layer.Part> parts = layer.parts(in.specs());
        Value q = to.part(parts.get(0), in).main();
        long wide = q.shape().size(1);
        long d = wide / layer.heads();
        String[] each = new String[3];
        each[0] = Attending.perHead(q.name(), layer.heads(), d, to);
        for (int i = 1; i < each.length; i++) {
            each[i] = Attending.perHead(to.part(parts.get(i), read).main().name(), layer.heads(), d, to);
        }
        @Nullable Value seen = in.get(layer.across() ? Masks.MEMORY_MASK : Masks.MASK);
        @Nullable
        String added = layer.across()
                ? (seen == null ? null : Attending.hidden(seen, to))
                : Attending.added(in, seen, layer.causal(), to);
        @Nullable String bias = bias(layer, in, to);
        if (bias != null) {
            added = added == null ? bias : to.node("Add", added, bias);
        }
        double factor = layer.scale() == null ? 1 / Math.sqrt((double) d) : layer.scale();
        String y = Attending.scaled(each[0], each[1], each[2], added, factor, wide, to);
        Value joined = new Value(y, parts.get(3).inputs().main());
        return to.part(parts.get(3), in.withMain(joined)).main().name();
    }

    /** {@code [1, heads, T, T]}; all distances from where on they are alike go by the last one. */
    private static @Nullable String bias(Attention layer, Values in, Drawing to) {
        @Nullable RelativePositions relative = layer.relativePositions();
        if (relative == null) {
            return null;
        }
        int far = relative.maxDistance();
        long[] buckets = relative.buckets(2 * far + 1, -far, layer.causal());
        String steps = Steps.counted(in, to);
        String key = "buckets " + steps + " " + far + " " + relative.buckets() + " " + layer.causal();
        String ids = to.once(key, () -> {
            String distance = to.node(
                    "Sub", to.node("Unsqueeze", steps, to.integers(0)), to.node("Unsqueeze", steps, to.integers(1)));
            String near = to.node("Max", to.node("Min", distance, to.integer(far)), to.integer(-far));
            return to.node("Gather", to.integers(buckets), to.node("Add", near, to.integer(far)));
        });
        Drawing inside = to.at(RelativePositions.TABLE);
        String table = inside.parameter("weight", Shape.of(relative.buckets(), layer.heads()));
        String each = inside.node("Gather", List.of(table, ids), OnnxAttribute.of("axis", 0));
        return to.node("Unsqueeze", Functions.transpose(each, to, 2, 0, 1), to.integers(0));
    }

    private static String block(AttentionBlock layer, Values in, Drawing to) {
        BlockNames names = layer.names();
        Value x = around(
                layer, names.selfNorm(), in.main(), in, to, y -> part(layer, names.self(), in.withMain(y), in, to));
        if (layer.across() != null) {
            x = around(layer, names.acrossNorm(), x, in, to, y -> part(layer, names.across(), in.withMain(y), in, to));
        }
        return around(layer, names.denseNorm(), x, in, to, y -> dense(layer, y, in, to))
                .name();
    }

    private static Value dense(AttentionBlock layer, Value x, Values in, Drawing to) {
        BlockNames names = layer.names();
        Value up = part(layer, names.up(), in.withMain(x), in, to);
        if (layer.gated()) {
            Value gate = part(layer, names.gate(), in.withMain(x), in, to);
            up = new Value(to.node("Mul", gate.name(), up.name()), up.spec());
        }
        return part(layer, names.down(), in.withMain(up), in, to);
    }

    private static Value around(
            AttentionBlock layer, String norm, Value x, Values in, Drawing to, UnaryOperator<Value> inside) {
        Value made = inside.apply(layer.normFirst() ? part(layer, norm, in.withMain(x), in, to) : x);
        Value sum = added(x, made, to);
        return layer.normFirst() ? sum : part(layer, norm, in.withMain(sum), in, to);
    }
}

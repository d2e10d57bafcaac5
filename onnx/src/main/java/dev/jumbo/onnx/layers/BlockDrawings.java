package dev.jumbo.onnx.layers;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.sequence.GatedMlp;
import dev.jumbo.nn.layers.sequence.LlamaBlock;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.nn.layers.sequence.TransformerDecoderBlock;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.graph.LayerDrawing;
import dev.jumbo.onnx.graph.LayerDrawings;
import dev.jumbo.onnx.graph.Value;
import dev.jumbo.onnx.graph.Values;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Blocks of transformers, of their parts. */
public final class BlockDrawings implements LayerDrawings {
    @Override
    public Map<Class<? extends Layer>, LayerDrawing<?>> drawings() {
        return Map.of(
                TransformerBlock.class, LayerDrawing.<TransformerBlock>single(BlockDrawings::encoder),
                TransformerDecoderBlock.class, LayerDrawing.<TransformerDecoderBlock>single(BlockDrawings::decoder),
                LlamaBlock.class, LayerDrawing.<LlamaBlock>single(BlockDrawings::llama),
                GatedMlp.class, LayerDrawing.<GatedMlp>single(BlockDrawings::gated));
    }

    /** The parts of a block by name; what they are given beside the main value is what the block is given. */
    private record Parts(List<Layer.Part> parts, Values in, Drawing to) {
        /** With the side inputs. */
        Value run(String name, Value x) {
            return run(name, in.withMain(x));
        }

        /** Of the main value alone, as the block gives some of its parts no more. */
        Value alone(String name, Value x) {
            return run(name, Values.of(x));
        }

        private Value run(String name, Values given) {
            for (Layer.Part part : parts) {
                if (part.path().equals(name)) {
                    return to.part(part, given).main();
                }
            }
            throw new IllegalArgumentException("no part " + name);
        }

        Value add(Value a, Value b) {
            return new Value(to.node("Add", a.name(), b.name()), a.spec());
        }

        /** A residual connection around something, with its normalisation in front or behind. */
        Value around(boolean first, String norm, Value x, UnaryOperator<Value> inside) {
            return first ? add(x, inside.apply(run(norm, x))) : run(norm, add(x, inside.apply(x)));
        }
    }

    private static String encoder(TransformerBlock layer, Values in, Drawing to) {
        Parts parts = new Parts(layer.parts(in.specs()), in, to);
        Value x = in.main();
        UnaryOperator<Value> dense = y -> parts.alone("linear2", parts.alone("linear1", y));
        if (layer.normFirst()) {
            Value y = parts.add(x, parts.run("self_attn", parts.alone("norm1", x)));
            return parts.add(y, dense.apply(parts.alone("norm2", y))).name();
        }
        Value y = parts.alone("norm1", parts.add(x, parts.run("self_attn", x)));
        return parts.alone("norm2", parts.add(y, dense.apply(y))).name();
    }

    private static String decoder(TransformerDecoderBlock layer, Values in, Drawing to) {
        Parts parts = new Parts(layer.parts(in.specs()), in, to);
        boolean first = layer.normFirst();
        Value x = parts.around(first, "norm1", in.main(), y -> parts.run("self_attn", y));
        x = parts.around(first, "norm2", x, y -> parts.run("multihead_attn", y));
        x = parts.around(first, "norm3", x, y -> parts.run("linear2", parts.run("linear1", y)));
        return x.name();
    }

    private static String llama(LlamaBlock layer, Values in, Drawing to) {
        Parts parts = new Parts(layer.parts(in.specs()), in, to);
        Value x = in.main();
        Value y = parts.add(x, parts.run("self_attn", parts.run("input_layernorm", x)));
        return parts.add(y, parts.run("mlp", parts.run("post_attention_layernorm", y)))
                .name();
    }

    private static String gated(GatedMlp layer, Values in, Drawing to) {
        Parts parts = new Parts(layer.parts(in.specs()), in, to);
        Value gate = parts.run("gate_proj", in.main());
        Value up = parts.run("up_proj", in.main());
        Value both = new Value(to.node("Mul", gate.name(), up.name()), up.spec());
        return parts.run("down_proj", both).name();
    }
}

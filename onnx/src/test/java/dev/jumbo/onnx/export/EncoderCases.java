package dev.jumbo.onnx.export;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.layers.Encoder;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.nn.layers.basic.TiedEmbedding;
import dev.jumbo.nn.layers.encoder.Attention;
import dev.jumbo.nn.layers.encoder.AttentionBlock;
import dev.jumbo.nn.layers.encoder.AttentionBlock.Norm;
import dev.jumbo.nn.layers.encoder.BlockNames;
import dev.jumbo.nn.layers.encoder.RelativePositions;
import dev.jumbo.nn.layers.encoder.SinusoidalPositions;
import dev.jumbo.nn.layers.encoder.TokenEmbeddings;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Layers of encoders and of decoders behind them. */
final class EncoderCases {
    private static final List<String> NAMES = List.of("q", "k", "v", "o");

    private EncoderCases() {}

    static void add(List<LayerCases.Case> all, List<Specs> inputs) {
        for (Specs in : inputs) {
            String what = in.size() > 1 ? " of real steps" : in.main().varies() ? " of varying steps" : "";
            for (boolean causal : new boolean[] {false, true}) {
                String how = what + (causal ? " causal" : "");
                all.add(new LayerCases.Case("named attention" + how, Attention.of(2, causal, false, 0, NAMES), in));
                all.add(new LayerCases.Case("attention by distance" + how, relative(causal), in));
                all.add(new LayerCases.Case("named block" + how, block(relative(causal), null, true), in));
                all.add(new LayerCases.Case("named block norm last" + how, block(relative(causal), null, false), in));
            }
            all.add(new LayerCases.Case("sinusoidal positions" + what, new SinusoidalPositions(2), in));
            all.add(new LayerCases.Case(
                    "encoder" + what, new Encoder(List.of(block(relative(false), null, true)), List.of()), in));
        }
        Specs across = inputs.get(2)
                .with(Masks.MEMORY, Spec.floats(5, 8).varying(0))
                .with(Masks.MEMORY_MASK, Spec.of(Shape.of(5), DType.BOOL).varying(0));
        all.add(new LayerCases.Case("named attention across", Attention.of(2, false, true, 0, NAMES), across));
        all.add(new LayerCases.Case(
                "named block of a decoder",
                block(relative(true), Attention.of(4, false, true, 0, NAMES), true),
                across));
        tokens(all);
    }

    private static Attention relative(boolean causal) {
        return new Attention(
                2,
                3,
                causal,
                false,
                1.0,
                new RelativePositions(4, 3, null),
                0,
                false,
                Initializers.glorotUniform(),
                NAMES,
                Map.of());
    }

    private static AttentionBlock block(Attention self, @Nullable Attention across, boolean gatedNormFirst) {
        return new AttentionBlock(
                self,
                across,
                12,
                Activation.GELU_TANH,
                gatedNormFirst,
                !gatedNormFirst,
                gatedNormFirst ? Norm.RMS_NORM : Norm.LAYER_NORM,
                1e-6,
                gatedNormFirst,
                0.1,
                0.1,
                Initializers.glorotUniform(),
                BlockNames.t5(across != null, gatedNormFirst),
                Map.of());
    }

    private static void tokens(List<LayerCases.Case> all) {
        Spec ids = Spec.ids(6).varying(0);
        Initializers.RandomNormal first = new Initializers.RandomNormal(0, 1);
        for (boolean behind : new boolean[] {false, true}) {
            TokenEmbeddings layer =
                    new TokenEmbeddings(LayerCases.IDS, 8, LayerCases.IDS + 2, 3, 1, behind, 1e-5, first, Map.of());
            String what = behind ? " behind padding" : "";
            all.add(new LayerCases.Case("token embeddings" + what, layer, Specs.of(ids)));
        }
        TokenEmbeddings typed =
                new TokenEmbeddings(LayerCases.IDS, 8, 9, LayerCases.IDS, null, false, 1e-5, first, Map.of());
        all.add(new LayerCases.Case(
                "token embeddings of types", typed, Specs.of(ids).with(TokenEmbeddings.TYPES, ids)));
        all.add(new LayerCases.Case(
                "tied embedding and a head with a bias",
                Sequential.of(
                        Embedding.of(LayerCases.IDS, 8), new TiedDense(LayerCases.IDS, "layers.0.weight", true, 0.5)),
                Specs.of(ids)));
        all.add(new LayerCases.Case(
                "one table twice",
                Graph.of(g -> {
                    String a = g.input("a");
                    String b = g.input("b");
                    String left = g.add("left", Embedding.of(LayerCases.IDS, 8), a);
                    String right = g.add("right", new TiedEmbedding(LayerCases.IDS, 8, "left.weight", null), b);
                    g.output(g.add("sum", Layers.add(), left, right));
                }),
                Specs.of(Map.of("a", Spec.ids(6))).with("b", Spec.ids(6))));
    }
}

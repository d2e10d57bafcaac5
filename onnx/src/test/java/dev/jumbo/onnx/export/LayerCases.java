package dev.jumbo.onnx.export;

import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.layers.Add;
import dev.jumbo.nn.layers.Concatenate;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.ModelGroup;
import dev.jumbo.nn.layers.Residual;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.ActivationLayer;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Elu;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.GroupNorm;
import dev.jumbo.nn.layers.basic.LeakyRelu;
import dev.jumbo.nn.layers.basic.Permute;
import dev.jumbo.nn.layers.basic.Reshape;
import dev.jumbo.nn.layers.basic.Softmax;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.nn.layers.basic.TimeEmbedding;
import dev.jumbo.nn.layers.sequence.ClassToken;
import dev.jumbo.nn.layers.sequence.CrossAttention;
import dev.jumbo.nn.layers.sequence.GatedMlp;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import dev.jumbo.nn.layers.sequence.Gru;
import dev.jumbo.nn.layers.sequence.LlamaBlock;
import dev.jumbo.nn.layers.sequence.Lstm;
import dev.jumbo.nn.layers.sequence.MultiHeadAttention;
import dev.jumbo.nn.layers.sequence.PositionalEmbedding;
import dev.jumbo.nn.layers.sequence.RmsNorm;
import dev.jumbo.nn.layers.sequence.RopeScaling;
import dev.jumbo.nn.layers.sequence.RopeType;
import dev.jumbo.nn.layers.sequence.SelectStep;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.nn.layers.sequence.TransformerDecoderBlock;
import dev.jumbo.nn.layers.sequence.WeightedSum;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every layer in the settings that change what it computes, in several shapes. */
final class LayerCases {
    static final int IDS = 11;

    private static final Spec STEPS = Spec.floats(6, 8).varying(0);
    private static final Spec CHANNELS = Spec.floats(4, 9).varying(1);

    /** @param name for reports and files */
    record Case(String name, Layer layer, Specs inputs) {
        @Override
        public String toString() {
            return name;
        }
    }

    private LayerCases() {}

    static List<Case> all() {
        List<Case> all = new ArrayList<>(ConvCases.all());
        basic(all);
        norms(all);
        containers(all);
        sequences(all);
        attention(all);
        return all;
    }

    /** Of a padded sequence whose channels come first. */
    static Case channels(String name, Layer layer) {
        return new Case(
                name,
                Sequential.of(Permute.of(2, 1), layer),
                masked(Spec.floats(9, 4).varying(0)));
    }

    static Specs masked(Spec main) {
        int dim = main.varying().get(0);
        return sides(
                main,
                Masks.MASK,
                Spec.of(Shape.of(main.shape().size(dim)), DType.BOOL).varying(0));
    }

    static Specs sides(Spec main, Object... sides) {
        Map<String, Spec> all = new LinkedHashMap<>(Map.of("x", main));
        for (int i = 0; i < sides.length; i += 2) {
            all.put((String) sides[i], (Spec) sides[i + 1]);
        }
        return Specs.of(all);
    }

    private static void basic(List<Case> all) {
        all.add(new Case("dense", Dense.of(5, Activation.RELU), Specs.of(Shape.of(7))));
        all.add(new Case(
                "dense without bias",
                new Dense(5, Activation.TANH, false, Initializers.glorotUniform(), Initializers.zeros()),
                Specs.of(Shape.of(3, 4, 7))));
        all.add(new Case(
                "tied dense",
                Sequential.of(Embedding.of(IDS, 8), new TiedDense(IDS, "layers.0.weight")),
                Specs.of(Spec.ids(5).varying(0))));
        all.add(new Case(
                "tied dense of one step",
                Sequential.of(Embedding.of(IDS, 8), new SelectStep(1), new TiedDense(IDS, "layers.0.weight")),
                Specs.of(Spec.ids(5))));
        all.add(new Case("embedding", Embedding.of(IDS, 6), Specs.of(Spec.ids(2, 3))));
        all.add(new Case("embedding of one id", Embedding.of(IDS, 6), Specs.of(Spec.ids())));
        all.add(new Case("activation", new ActivationLayer(Activation.SILU), Specs.of(Shape.of(2, 3))));
        all.add(new Case("leaky relu", new LeakyRelu(0.3), Specs.of(Shape.of(5))));
        all.add(new Case("elu", new Elu(0.7), Specs.of(Shape.of(5, 2))));
        all.add(new Case("softmax", new Softmax(1), Specs.of(Shape.of(3, 4))));
        all.add(new Case("softmax of the last", new Softmax(-1), Specs.of(Shape.of(3, 4))));
        all.add(new Case("dropout", Layers.dropout(0.5), Specs.of(Shape.of(4))));
        all.add(new Case("flatten", Layers.flatten(), Specs.of(Shape.of(2, 3, 4))));
        all.add(new Case("flatten of one value", Layers.flatten(), Specs.of(Shape.of())));
        all.add(new Case("reshape", Reshape.of(4, -1), Specs.of(Shape.of(2, 6))));
        all.add(new Case("permute", Permute.of(3, 1, 2), Specs.of(Shape.of(2, 3, 4))));
        all.add(new Case("permute of varying steps", Permute.of(2, 1), Specs.of(STEPS)));
        for (Shape shape : List.of(Shape.of(4), Shape.of(3, 4), Shape.of(4, 2, 2))) {
            all.add(new Case(
                    "time embedding " + shape.rank(),
                    new TimeEmbedding(6, 10, 10000),
                    sides(Spec.of(shape, DType.FLOAT32), Masks.TIME, Spec.floats(1))));
        }
    }

    private static void norms(List<Case> all) {
        for (Shape shape : List.of(Shape.of(4), Shape.of(4, 5), Shape.of(4, 3, 2))) {
            all.add(new Case("batch norm " + shape.rank(), Layers.batchNorm(), Specs.of(shape)));
            all.add(new Case("group norm " + shape.rank(), new GroupNorm(2, 1e-5), Specs.of(shape)));
            all.add(new Case("layer norm " + shape.rank(), Layers.layerNorm(), Specs.of(shape)));
            all.add(new Case("rms norm " + shape.rank(), new RmsNorm(1e-3), Specs.of(shape)));
        }
        all.add(new Case("group norm of varying steps", new GroupNorm(4, 1e-5), Specs.of(CHANNELS)));
        all.add(channels("group norm of real steps", new GroupNorm(2, 1e-5)));
        all.add(channels("batch norm of real steps", Layers.batchNorm()));
    }

    private static void containers(List<Case> all) {
        Specs two = Specs.of(List.of(Shape.of(3, 4), Shape.of(3, 4)));
        all.add(new Case("add", new Add(), Specs.of(List.of(Shape.of(5), Shape.of(5), Shape.of(5)))));
        all.add(new Case("concatenate", new Concatenate(1), two));
        all.add(new Case("concatenate of the last", new Concatenate(-1), two));
        all.add(new Case("residual", Residual.of(Layers.dense(4), Layers.relu()), Specs.of(Shape.of(4))));
        all.add(new Case(
                "residual with a projection",
                new Residual(List.of(Layers.dense(3)), Layers.dense(3), Activation.RELU),
                Specs.of(Shape.of(4))));
        all.add(new Case(
                "sequential with names",
                Sequential.named(new LinkedHashMap<>(Map.of("one.deep", Layers.dense(3)))),
                Specs.of(Shape.of(4))));
        all.add(new Case(
                "graph",
                Graph.of(g -> {
                    String a = g.input("a");
                    String b = g.input("b");
                    String left = g.add("left", Layers.dense(3, Activation.RELU), a);
                    String right = g.add("right", Layers.dense(3), b);
                    String both = g.add("both", Layers.concatenate(), left, right, left);
                    g.output(g.add("label", Layers.dense(2), both));
                    g.output(g.add("price", Layers.dense(1), right));
                    g.output(a);
                }),
                sides2()));
        all.add(new Case(
                "graph in a row",
                Sequential.of(
                        Layers.dense(4),
                        Graph.of(g -> {
                            String x = g.input("anything");
                            g.output(g.add("sum", new Add(), x, g.add("inside", Layers.dense(4), x)));
                        }),
                        Layers.relu()),
                Specs.of(Shape.of(4))));
        all.add(new Case(
                "models of which one answers",
                new ModelGroup(
                        Map.of(
                                "generator",
                                        new ModelGroup.GroupedModel(Spec.floats(4), Layers.dense(3, Activation.TANH)),
                                "critic", new ModelGroup.GroupedModel(Spec.floats(3), Layers.dense(1))),
                        "generator"),
                Specs.of(Shape.of(4))));
    }

    private static Specs sides2() {
        Map<String, Spec> two = new LinkedHashMap<>();
        two.put("a", Spec.floats(4));
        two.put("b", Spec.floats(5));
        return Specs.of(two);
    }

    private static void sequences(List<Case> all) {
        for (boolean both : new boolean[] {false, true}) {
            for (boolean steps : new boolean[] {false, true}) {
                String how = (both ? " both ways" : "") + (steps ? " all steps" : "");
                for (Specs in : List.of(
                        Specs.of(Shape.of(5, 3)), masked(Spec.floats(5, 3).varying(0)))) {
                    String masked = in.size() > 1 ? " of real steps" : "";
                    all.add(new Case("lstm" + how + masked, new Lstm(4, steps, both, 2, 0), in));
                    all.add(new Case("gru" + how + masked, new Gru(4, steps, both, 2, 0), in));
                }
            }
        }
        all.add(new Case("class token", ClassToken.of(), Specs.of(STEPS)));
        all.add(new Case("first step", new SelectStep(0), Specs.of(STEPS)));
        all.add(new Case(
                "weighted sum",
                new WeightedSum("weights"),
                sides(STEPS, "weights", Spec.floats(6).varying(0))));
        all.add(new Case("last step", new SelectStep(-1), Specs.of(Shape.of(4, 3))));
        all.add(new Case("positional embedding", PositionalEmbedding.of(9), Specs.of(Shape.of(6, 8))));
        all.add(new Case("positional embedding of varying steps", PositionalEmbedding.of(9), Specs.of(STEPS)));
        all.add(new Case(
                "positional embedding of given positions",
                PositionalEmbedding.of(IDS),
                sides(STEPS, Masks.POSITIONS, Spec.ids(6).varying(0))));
    }

    private static void attention(List<Case> all) {
        List<Specs> inputs = List.of(Specs.of(Shape.of(6, 8)), Specs.of(STEPS), masked(STEPS));
        RopeScaling scaling = new RopeScaling(8, 1, 4, 32);
        for (Specs in : inputs) {
            String what = in.size() > 1 ? " of real steps" : in.main().varies() ? " of varying steps" : "";
            for (boolean causal : new boolean[] {false, true}) {
                String how = what + (causal ? " causal" : "");
                all.add(new Case("attention" + how, new MultiHeadAttention(2, causal, 0, true), in));
                all.add(new Case("attention without bias" + how, new MultiHeadAttention(4, causal, 0, false), in));
                all.add(new Case(
                        "encoder block" + how, new TransformerBlock(2, 12, causal, 0.1, Activation.GELU, true), in));
                all.add(new Case(
                        "encoder block norm last" + how,
                        new TransformerBlock(2, 12, causal, 0, Activation.RELU, false),
                        in));
                all.add(new Case(
                        "grouped queries" + how,
                        new GroupedQueryAttention(4, 2, null, causal, 10000, null, 0, true, true, true, 1e-6, Map.of()),
                        in));
            }
            all.add(new Case(
                    "llama block" + what,
                    new LlamaBlock(
                            new GroupedQueryAttention(
                                    4, 1, 6, true, 500, scaling, 0, false, false, false, 1e-6, Map.of()),
                            12,
                            1e-5,
                            false,
                            Map.of()),
                    in));
            RopeScaling yarn =
                    new RopeScaling(RopeType.YARN, 4, 1, 4, 8, null, 32, 1, null, null, true, List.of(), List.of());
            all.add(new Case(
                    "grouped queries with a window" + what,
                    new GroupedQueryAttention(4, 2, null, true, 10000, yarn, 0, false, false, false, 1e-6, 3, Map.of()),
                    in));
        }
        all.add(new Case(
                "grouped queries at given positions",
                GroupedQueryAttention.of(2, 1, 10000),
                sides(STEPS, Masks.POSITIONS, Spec.ids(6).varying(0))));
        all.add(new Case(
                "grouped queries without positions", GroupedQueryAttention.of(2, 2, 0), Specs.of(Shape.of(6, 8))));
        all.add(new Case("gated mlp", GatedMlp.of(5), Specs.of(STEPS)));
        all.add(new Case(
                "gated mlp with another part",
                GatedMlp.of(5).withPart("up_proj", Dense.of(5, Activation.RELU)),
                Specs.of(Shape.of(8))));
        EncoderCases.add(all, inputs);
        Spec memory = Spec.floats(5, 8).varying(0);
        Spec real = Spec.of(Shape.of(5), DType.BOOL).varying(0);
        Specs across = sides(STEPS, Masks.MEMORY, memory);
        all.add(new Case("attention across", new CrossAttention(2, 0, true), across));
        all.add(new Case(
                "attention across to real steps",
                new CrossAttention(2, 0, false),
                sides(STEPS, Masks.MEMORY, memory, Masks.MEMORY_MASK, real)));
        all.add(new Case(
                "graph of two padded inputs",
                Graph.of(g -> {
                    String x = g.input("x");
                    String b = g.input("b");
                    g.output(g.add("left", new Gru(3, false, false, 1, 0), x));
                    g.output(g.add("right", new Gru(3, false, false, 1, 0), b));
                }),
                sides(
                        STEPS,
                        "b",
                        memory,
                        Masks.MASK,
                        Spec.of(Shape.of(6), DType.BOOL).varying(0),
                        "b_mask",
                        real)));
        for (boolean first : new boolean[] {true, false}) {
            all.add(new Case(
                    "decoder block " + (first ? "norm first" : "norm last"),
                    new TransformerDecoderBlock(2, 12, 0, Activation.GELU, first, Map.of()),
                    sides(
                            STEPS,
                            Masks.MASK,
                            Spec.of(Shape.of(6), DType.BOOL).varying(0),
                            Masks.MEMORY,
                            memory,
                            Masks.MEMORY_MASK,
                            real)));
        }
    }
}

package dev.jumbo.models.language;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.nn.layers.sequence.GatedMlp;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import dev.jumbo.nn.layers.sequence.LlamaBlock;
import dev.jumbo.nn.layers.sequence.RmsNorm;
import dev.jumbo.nn.layers.sequence.RopeScaling;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What models of Llama's form have in common, and where they differ: {@code model.embed_tokens}, {@code model.layers.0} and so on, {@code
 * model.norm}, {@code lm_head}.
 *
 * @param vocabulary number of tokens
 * @param width of a step
 * @param units width inside the gated dense layers
 * @param activation of their gate
 * @param heads of queries
 * @param kvHeads of keys and values
 * @param headDim width of a head
 * @param ropeTheta base of the wavelengths of positions
 * @param ropeScaling of positions, or null
 * @param epsilon of normalisations
 * @param bias whether queries, keys and values add one
 * @param outputBias whether the last product of attention adds one
 * @param mlpBias whether the gated dense layers add biases
 * @param qkNorm whether queries and keys of each head are normalised
 * @param attentionDropout in training
 * @param tied whether the logits are made by the embedding's weight
 * @param layers what is peculiar to each block
 */
record Decoder(
        int vocabulary,
        int width,
        int units,
        Activation activation,
        int heads,
        int kvHeads,
        int headDim,
        double ropeTheta,
        @Nullable RopeScaling ropeScaling,
        double epsilon,
        boolean bias,
        boolean outputBias,
        boolean mlpBias,
        boolean qkNorm,
        double attentionDropout,
        boolean tied,
        List<Each> layers) {
    private static final double FIRST = 0.02;
    private static final String EMBEDDING = "model.embed_tokens";
    private static final String BLOCK = "model.layers.";
    private static final String NORM = "model.norm";
    private static final String HEAD = "lm_head";

    /**
     * A block.
     *
     * @param window steps that a step sees; null for all before it
     * @param rope whether queries and keys are turned by positions
     */
    record Each(@Nullable Integer window, boolean rope) {
        /** As many with one window. */
        static List<Each> alike(int layers, @Nullable Integer window) {
            return Collections.nCopies(layers, new Each(window, true));
        }
    }

    Decoder {
        layers = List.copyOf(layers);
        if (vocabulary < 1 || width < 1 || units < 1 || heads < 1 || kvHeads < 1 || layers.isEmpty()) {
            throw new InputException("expected a vocabulary, widths, heads and layers of 1 or more, received "
                    + vocabulary + ", " + width + " and " + units + ", " + heads + " and " + kvHeads + ", "
                    + layers.size());
        }
        if (!(ropeTheta > 0)) {
            throw new InputException("expected a rope_theta above 0, received " + ropeTheta);
        }
    }

    Layer layer() {
        Map<String, Layer> row = new LinkedHashMap<>();
        row.put(EMBEDDING, new Embedding(vocabulary, width, null, Initializers.randomNormal(FIRST)));
        for (int i = 0; i < layers.size(); i++) {
            row.put(BLOCK + i, block(layers.get(i)));
        }
        row.put(NORM, new RmsNorm(epsilon));
        row.put(
                HEAD,
                tied
                        ? new TiedDense(vocabulary, EMBEDDING + ".weight")
                        : new Dense(
                                vocabulary,
                                Activation.LINEAR,
                                false,
                                Initializers.randomNormal(FIRST),
                                Initializers.zeros()));
        return Sequential.named(row);
    }

    private LlamaBlock block(Each each) {
        GroupedQueryAttention attention = new GroupedQueryAttention(
                heads,
                kvHeads,
                headDim,
                true,
                each.rope ? ropeTheta : 0,
                each.rope ? ropeScaling : null,
                attentionDropout,
                bias,
                outputBias,
                qkNorm,
                epsilon,
                each.window,
                Map.of());
        Map<String, Layer> swapped = activation == Activation.SILU
                ? Map.of()
                : Map.of("mlp", new GatedMlp(units, activation, mlpBias, Map.of()));
        return new LlamaBlock(attention, units, epsilon, mlpBias, swapped);
    }

    /** The decoder that a description is, first values aside; empty where it is none. */
    static Optional<Decoder> of(Layer layer) {
        if (!(layer instanceof Sequential row) || row.names().size() < 4) {
            return Optional.empty();
        }
        int count = row.names().size() - 3;
        boolean named = row.names().get(0).equals(EMBEDDING)
                && row.names().get(count + 1).equals(NORM)
                && row.names().get(count + 2).equals(HEAD);
        if (!named
                || !(row.layers().get(0) instanceof Embedding embedding)
                || !(row.layers().get(1) instanceof LlamaBlock first)) {
            return Optional.empty();
        }
        List<Each> each = new ArrayList<>();
        GroupedQueryAttention turned = first.attention();
        for (int i = 1; i <= count; i++) {
            if (!(row.layers().get(i) instanceof LlamaBlock block)) {
                return Optional.empty();
            }
            GroupedQueryAttention attention = block.attention();
            each.add(new Each(attention.slidingWindow(), attention.ropeTheta() > 0));
            turned = turned.ropeTheta() > 0 ? turned : attention;
        }
        GroupedQueryAttention attention = first.attention();
        if (attention.heads() < 1 || turned.ropeTheta() == 0) {
            return Optional.empty();
        }
        Decoder decoder = new Decoder(
                embedding.inputDim(),
                embedding.outputDim(),
                first.units(),
                first.swapped().get("mlp") instanceof GatedMlp mlp ? mlp.activation() : Activation.SILU,
                attention.heads(),
                attention.kvHeads() == null ? attention.heads() : attention.kvHeads(),
                attention.headDim() == null ? embedding.outputDim() / attention.heads() : attention.headDim(),
                turned.ropeTheta(),
                turned.ropeScaling(),
                first.epsilon(),
                attention.useBias(),
                attention.useOutBias(),
                first.useBias(),
                attention.qkNorm(),
                attention.dropout(),
                row.layers().get(count + 2) instanceof TiedDense,
                each);
        return SameComputation.of(decoder.layer(), written(row, decoder)) ? Optional.of(decoder) : Optional.empty();
    }

    /** The same with what blocks leave open written out, and without what they do not use. */
    private static Layer written(Sequential row, Decoder decoder) {
        List<Layer> all = new ArrayList<>();
        for (Layer layer : row.layers()) {
            all.add(layer instanceof LlamaBlock block ? written(block, decoder) : layer);
        }
        return new Sequential(all, row.names());
    }

    private static Layer written(LlamaBlock block, Decoder decoder) {
        GroupedQueryAttention a = block.attention();
        GroupedQueryAttention attention = new GroupedQueryAttention(
                a.heads(),
                a.kvHeads() == null ? Integer.valueOf(a.heads()) : a.kvHeads(),
                a.headDim() == null ? Integer.valueOf(decoder.width / a.heads()) : a.headDim(),
                a.causal(),
                a.ropeTheta(),
                a.ropeTheta() > 0 ? a.ropeScaling() : null,
                a.dropout(),
                a.useBias(),
                a.useOutBias(),
                a.qkNorm(),
                a.qkNorm() ? a.epsilon() : block.epsilon(),
                a.slidingWindow(),
                a.swapped());
        return new LlamaBlock(attention, block.units(), block.epsilon(), block.useBias(), block.swapped());
    }
}

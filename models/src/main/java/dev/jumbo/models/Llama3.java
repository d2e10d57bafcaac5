package dev.jumbo.models;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import dev.jumbo.nn.layers.sequence.LlamaBlock;
import dev.jumbo.nn.layers.sequence.RmsNorm;
import dev.jumbo.nn.layers.sequence.RopeScaling;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Llama 3 (Grattafiori et al., 2024, table 3) and models of the same form, such as Llama 2, Mistral without windows, Qwen 2 (with
 * {@code use_bias}) and Qwen 3 (with {@code qk_norm}): Llama-3-8B as it is, 8,030,261,248 parameters. Takes ids of tokens {@code [T]};
 * gives logits {@code [T, vocabulary]} of the next token. Names are those of Hugging Face's {@code LlamaForCausalLM}: {@code
 * model.layers.0.self_attn.q_proj.weight}.
 *
 * @param vocabulary number of tokens
 * @param context longest sequence that plans count with; positions have no end
 * @param width of a step
 * @param units width inside the gated dense layers
 * @param layers blocks
 * @param heads of queries
 * @param kvHeads of keys and values; divides heads
 * @param headDim width of a head; {@code width / heads} if null
 * @param ropeTheta base of the wavelengths of positions
 * @param ropeScaling of positions over a longer context, as Llama 3.1's, or null
 * @param epsilon of the normalisations
 * @param useBias whether queries, keys and values add a bias
 * @param qkNorm whether queries and keys of each head are normalised
 * @param tieEmbeddings whether the logits are made by the weight of the embedding, as in Llama 3.2 1B
 */
@Kind("llama3_8b")
@Doc("Llama 3 8B, or another model of that form and size. Takes ids of tokens, gives logits of the next one.")
public record Llama3(
        @Doc("Number of tokens.") @Default("128256") int vocabulary,

        @Doc("The longest sequence that plans count with.") @Default("8192")
        int context,

        @Doc("Width of a step.") @Default("4096") int width,

        @Doc("Width inside the gated dense layers.") @Default("14336")
        int units,

        @Doc("Number of blocks.") @Default("32") int layers,
        @Doc("Heads of queries.") @Default("32") int heads,
        @Doc("Heads of keys and values.") @Default("8") int kvHeads,

        @Doc("Width of a head; width divided by heads if null.") @Default("null") @Nullable
        Integer headDim,

        @Doc("Base of the wavelengths of positions.") @Default("500000.0")
        double ropeTheta,

        @Doc("How positions stretch over a longer context.") @Default("null") @Nullable
        RopeScaling ropeScaling,

        @Doc("Added to the mean square of normalisations.") @Default("1.0e-5")
        double epsilon,

        @Doc("Whether queries, keys and values add a bias.") @Default("false")
        boolean useBias,

        @Doc("Whether queries and keys of each head are normalised.") @Default("false")
        boolean qkNorm,

        @Doc("Whether the logits are made by the embedding's weight.") @Default("false")
        boolean tieEmbeddings)
        implements PublicModel {
    private static final double FIRST = 0.02;

    public Llama3 {
        if (vocabulary < 1 || context < 1 || width < 1 || layers < 1) {
            throw new InputException(
                    "llama3_8b: expected a vocabulary, context, width and layers of 1 or more, received " + vocabulary
                            + ", " + context + ", " + width + " and " + layers);
        }
    }

    /** Llama-3-8B, with 8,030,261,248 parameters. */
    public static Llama3 llama3_8b() {
        return new Llama3(128256, 8192, 4096, 14336, 32, 32, 8, null, 500000, null, 1e-5, false, false, false);
    }

    @Override
    public Specs input() {
        return Specs.of(Spec.ids(context).varying(0));
    }

    @Override
    public Layer layer() {
        GroupedQueryAttention attention = new GroupedQueryAttention(
                heads, kvHeads, headDim, true, ropeTheta, ropeScaling, 0, useBias, false, qkNorm, epsilon, Map.of());
        Map<String, Layer> row = new LinkedHashMap<>();
        row.put("model.embed_tokens", new Embedding(vocabulary, width, null, Initializers.randomNormal(FIRST)));
        for (int i = 0; i < layers; i++) {
            row.put("model.layers." + i, new LlamaBlock(attention, units, epsilon, false, Map.of()));
        }
        row.put("model.norm", new RmsNorm(epsilon));
        row.put(
                "lm_head",
                tieEmbeddings
                        ? new TiedDense(vocabulary, "model.embed_tokens.weight")
                        : new Dense(
                                vocabulary,
                                Activation.LINEAR,
                                false,
                                Initializers.randomNormal(FIRST),
                                Initializers.zeros()));
        return Sequential.named(row);
    }
}

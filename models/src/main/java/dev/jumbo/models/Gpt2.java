package dev.jumbo.models;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.nn.layers.sequence.LayerNorm;
import dev.jumbo.nn.layers.sequence.MultiHeadAttention;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.nn.weights.NameMap;
import dev.jumbo.nn.weights.NameRule;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * GPT-2 (Radford et al., 2019): 124,439,808 parameters as it is, 354,823,168 with a width of 1,024, 24 layers and 16 heads,
 * 774,030,080 with 1,280, 36 and 20, 1,557,611,200 with 1,600, 48 and 25. Takes ids of tokens {@code [T]}; gives logits {@code [T,
 * vocabulary]} of the next token, by the weight of the embedding. Parameters are those of {@link TransformerBlock} under {@code
 * transformer.h.0}; {@link #publicNames} brings Hugging Face's {@code GPT2LMHeadModel} there, whose matrices are transposed.
 *
 * @param vocabulary number of tokens
 * @param context positions that have a vector: the longest sequence
 * @param width of a step
 * @param layers blocks
 * @param heads of each attention
 * @param dropout in training, 0.1 in the paper
 * @param units width inside the dense layers; {@code 4 width} if null
 * @param activation between the dense layers
 * @param epsilon of the normalisations
 * @param embeddingDropout of embeddings, in training; dropout if null
 * @param attentionDropout of the attention weights, in training; dropout if null
 * @param tieEmbeddings whether the logits are made by the weight of the embedding
 */
@Kind("gpt2")
@Doc("GPT-2 in its four sizes, or smaller. Takes ids of tokens, gives logits of the next one.")
public record Gpt2(
        @Doc("Number of tokens.") @Default("50257") int vocabulary,
        @Doc("The longest sequence.") @Default("1024") int context,
        @Doc("Width of a step.") @Default("768") int width,
        @Doc("Number of blocks.") @Default("12") int layers,
        @Doc("Heads of each attention.") @Default("12") int heads,
        @Doc("Dropout rate, in training.") @Default("0.1") double dropout,

        @Doc("Width inside the dense layers; 4 times the width if null.") @Default("null") @Nullable
        Integer units,

        @Doc("Between the dense layers.") @Default("gelu_tanh")
        Activation activation,

        @Doc("Added to the variance of normalisations.") @Default("1.0e-5")
        double epsilon,

        @Doc("Dropout of embeddings, in training; dropout if null.") @Default("null") @Nullable
        Double embeddingDropout,

        @Doc("Dropout of the attention weights, in training; dropout if null.") @Default("null") @Nullable
        Double attentionDropout,

        @Doc("Whether the logits are made by the embedding's weight.") @Default("true")
        boolean tieEmbeddings)
        implements PublicModel {
    public Gpt2 {
        if (vocabulary < 1 || context < 1 || width < 1 || layers < 1 || heads < 1 || width % heads != 0) {
            throw new InputException(
                    "gpt2: expected a vocabulary, context, width and layers of 1 or more and heads that"
                            + " divide the width, received " + vocabulary + ", " + context + ", " + width + ", "
                            + layers + " and "
                            + heads);
        }
    }

    /** As in the paper. */
    public Gpt2(int vocabulary, int context, int width, int layers, int heads, double dropout) {
        this(vocabulary, context, width, layers, heads, dropout, null, Activation.GELU_TANH, 1e-5, null, null, true);
    }

    /** The smallest of the public ones, with 124,439,808 parameters. */
    public static Gpt2 small() {
        return new Gpt2(50257, 1024, 768, 12, 12, 0.1);
    }

    @Override
    public Specs input() {
        return Specs.of(Spec.ids(context).varying(0));
    }

    @Override
    public NameMap publicNames() {
        String h = "(transformer\\.)?h\\.(\\d+)\\.";
        String to = "transformer.h.$2.";
        return NameMap.of(
                NameRule.transpose(h + "(attn\\.c_attn|attn\\.c_proj|mlp\\.c_fc|mlp\\.c_proj)\\.weight"),
                NameRule.rename(h + "ln_([12])\\.(\\w+)", to + "norm$3.$4"),
                NameRule.rename(h + "attn\\.c_attn\\.(\\w+)", to + "self_attn.in_proj_$3"),
                NameRule.rename(h + "attn\\.c_proj\\.(\\w+)", to + "self_attn.out_proj.$3"),
                NameRule.rename(h + "mlp\\.c_fc\\.(\\w+)", to + "linear1.$3"),
                NameRule.rename(h + "mlp\\.c_proj\\.(\\w+)", to + "linear2.$3"),
                NameRule.rename("(transformer\\.)?(wte|wpe|ln_f)\\.(\\w+)", "transformer.$2.$3"));
    }

    @Override
    public Layer layer() {
        Map<String, Layer> row = new LinkedHashMap<>();
        row.put("transformer.wte", new Embedding(vocabulary, width, null, Initializers.randomNormal(0.02)));
        row.put("transformer.wpe", Layers.positionalEmbedding(context));
        row.put("transformer.drop", Layers.dropout(embeddingDropout == null ? dropout : embeddingDropout));
        for (int i = 0; i < layers; i++) {
            row.put("transformer.h." + i, block());
        }
        row.put("transformer.ln_f", new LayerNorm(epsilon));
        row.put(
                "lm_head",
                tieEmbeddings
                        ? new TiedDense(vocabulary, "transformer.wte.weight")
                        : new Dense(
                                vocabulary,
                                Activation.LINEAR,
                                false,
                                Initializers.randomNormal(0.02),
                                Initializers.zeros()));
        return Sequential.named(row);
    }

    private TransformerBlock block() {
        @Nullable Double other = attentionDropout;
        Map<String, Layer> swapped = other == null || other == dropout
                ? Map.of()
                : Map.of("self_attn", new MultiHeadAttention(heads, true, other, true));
        return new TransformerBlock(
                heads, units == null ? 4 * width : units, true, dropout, activation, true, epsilon, swapped);
    }
}

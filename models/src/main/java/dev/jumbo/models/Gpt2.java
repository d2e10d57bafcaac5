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
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.nn.layers.sequence.TransformerBlock;
import dev.jumbo.nn.weights.NameMap;
import dev.jumbo.nn.weights.NameRule;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.LinkedHashMap;
import java.util.Map;

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
 */
@Kind("gpt2")
@Doc("GPT-2 in its four sizes, or smaller. Takes ids of tokens, gives logits of the next one.")
public record Gpt2(
        @Doc("Number of tokens.") @Default("50257") int vocabulary,
        @Doc("The longest sequence.") @Default("1024") int context,
        @Doc("Width of a step.") @Default("768") int width,
        @Doc("Number of blocks.") @Default("12") int layers,
        @Doc("Heads of each attention.") @Default("12") int heads,
        @Doc("Dropout rate, in training.") @Default("0.1") double dropout)
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
        row.put("transformer.drop", Layers.dropout(dropout));
        for (int i = 0; i < layers; i++) {
            row.put(
                    "transformer.h." + i,
                    new TransformerBlock(heads, 4 * width, true, dropout, Activation.GELU_TANH, true));
        }
        row.put("transformer.ln_f", Layers.layerNorm());
        row.put("lm_head", new TiedDense(vocabulary, "transformer.wte.weight"));
        return Sequential.named(row);
    }
}

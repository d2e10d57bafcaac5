package dev.jumbo.models.language;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.Encoder;
import dev.jumbo.nn.layers.Graph;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Dropout;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.nn.layers.basic.TiedEmbedding;
import dev.jumbo.nn.layers.encoder.Attention;
import dev.jumbo.nn.layers.encoder.AttentionBlock;
import dev.jumbo.nn.layers.encoder.AttentionBlock.Norm;
import dev.jumbo.nn.layers.encoder.BlockNames;
import dev.jumbo.nn.layers.encoder.RelativePositions;
import dev.jumbo.nn.layers.sequence.RmsNorm;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * T5 (Raffel et al., 2020) and T5 v1.1 (gated dense layers, a head of its own), under the keys of {@code config.json}: by default t5-small, 60,506,624
 * parameters. Takes ids of a source and of what the decoder has said so far; gives logits of the decoder's next token. Names are those of Hugging Face's {@code
 * T5ForConditionalGeneration}.
 *
 * @param vocabSize number of tokens
 * @param dModel width of a step
 * @param dKv width of a head
 * @param dFf width inside the dense layers
 * @param numLayers blocks of the encoder
 * @param numDecoderLayers blocks of the decoder; as many if null
 * @param numHeads heads of each attention
 * @param relativeAttentionNumBuckets buckets of distances
 * @param relativeAttentionMaxDistance from where on distances are alike
 * @param dropoutRate in training
 * @param layerNormEpsilon added to the mean square of normalisations
 * @param initializerFactor times the first values
 * @param feedForwardProj {@code relu}, {@code gated-gelu}, or another function with or without {@code gated-}
 * @param tieWordEmbeddings whether the logits are made by the embedding's weight
 * @param scaleDecoderOutputs whether the decoder's steps are first divided by the root of the width; as {@code tieWordEmbeddings} if null
 * @param padTokenId id that fills up short texts
 * @param nPositions the longest text that plans count with; positions have no end
 * @param encoderInput name of the encoder's input: that of the data's
 * @param decoderInput name of the decoder's input: that of the objective's {@code decoder_input}
 */
@Kind("t5")
@Doc(
        "T5, under the keys of its config.json. Takes ids of a source and of what the decoder has said so far, gives logits of the decoder's next token.")
public record T5(
        @Doc("Number of tokens.") @Default("32128") int vocabSize,
        @Doc("Width of a step.") @Default("512") int dModel,
        @Doc("Width of a head.") @Default("64") int dKv,

        @Doc("Width inside the dense layers.") @Default("2048")
        int dFf,

        @Doc("Blocks of the encoder.") @Default("6") int numLayers,

        @Doc("Blocks of the decoder; as many if null.") @Default("null") @Nullable
        Integer numDecoderLayers,

        @Doc("Heads of each attention.") @Default("8") int numHeads,

        @Doc("Buckets of distances.") @Default("32") int relativeAttentionNumBuckets,

        @Doc("Distance from which on all are alike.") @Default("128")
        int relativeAttentionMaxDistance,

        @Doc("Dropout rate, in training.") @Default("0.1") double dropoutRate,

        @Doc("Added to the mean square of normalisations.") @Default("1.0e-6")
        double layerNormEpsilon,

        @Doc("Times the first values.") @Default("1.0") double initializerFactor,

        @Doc("Function between the dense layers: relu, gated-gelu, or another with or without gated-.") @Default("relu")
        String feedForwardProj,

        @Doc("Whether the logits are made by the embedding's weight.") @Default("true")
        boolean tieWordEmbeddings,

        @Doc("Whether steps are divided by the root of the width before the logits; as tie_word_embeddings if null.")
        @Default("null")
        @Nullable
        Boolean scaleDecoderOutputs,

        @Doc("Id that fills up short texts.") @Default("0") int padTokenId,

        @Doc("The longest text that plans count with.") @Default("512")
        int nPositions,

        @Doc("Name of the encoder's input, as the data has it: tokens of the dataset text.") @Default("source")
        String encoderInput,

        @Doc("Name of the decoder's input, as the objective's decoder_input.") @Default("decoder_tokens")
        String decoderInput)
        implements EncoderDecoderModel {
    private static final String GATED = "gated-";

    public T5 {
        if (vocabSize < 1 || dModel < 1 || dKv < 1 || dFf < 1 || numLayers < 1 || numHeads < 1 || nPositions < 1) {
            throw new InputException("t5: expected sizes of 1 or more, received vocab_size " + vocabSize + ", d_model "
                    + dModel
                    + ", d_kv " + dKv + ", d_ff " + dFf + ", num_layers " + numLayers + ", num_heads " + numHeads
                    + " and n_positions " + nPositions);
        }
        if (!(initializerFactor > 0)) {
            throw new InputException("t5.initializer_factor: expected a number above 0, received " + initializerFactor);
        }
        activation(feedForwardProj);
    }

    /** {@code gated-gelu} means the approximation by tanh, as the checkpoints were trained with it. */
    static Activation activation(String name) {
        String function = name.startsWith(GATED) ? name.substring(GATED.length()) : name;
        if (name.equals("gated-gelu")) {
            return Activation.GELU_TANH;
        }
        try {
            return HiddenAct.valueOf(function.toUpperCase(Locale.ROOT)).activation();
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    "t5.feed_forward_proj: expected relu, gated-gelu, or another function with or without gated-, received \""
                            + name + "\"",
                    e);
        }
    }

    boolean gated() {
        return feedForwardProj.startsWith(GATED);
    }

    @Override
    public int maxPositionEmbeddings() {
        return nPositions;
    }

    private boolean scales() {
        return scaleDecoderOutputs == null ? tieWordEmbeddings : scaleDecoderOutputs;
    }

    /** Normal, with a standard deviation of 1 over the root of the inputs. */
    private Initializer kernel() {
        Initializer byInputs = new Initializers.KaimingNormal(1.0);
        return initializerFactor == 1 ? byInputs : new Initializers.Scaled(byInputs, initializerFactor);
    }

    private Attention attention(boolean causal, boolean across, @Nullable RelativePositions relative) {
        return new Attention(
                numHeads,
                dKv,
                causal,
                across,
                1.0,
                relative,
                dropoutRate,
                false,
                kernel(),
                List.of("q", "k", "v", "o"),
                Map.of());
    }

    private AttentionBlock block(int at, boolean decoder) {
        String table = at == 0 ? null : "block.0.layer.0.SelfAttention." + RelativePositions.TABLE + ".weight";
        RelativePositions relative =
                new RelativePositions(relativeAttentionNumBuckets, relativeAttentionMaxDistance, table);
        return new AttentionBlock(
                attention(decoder, false, relative),
                decoder ? attention(false, true, null) : null,
                dFf,
                activation(feedForwardProj),
                gated(),
                false,
                Norm.RMS_NORM,
                layerNormEpsilon,
                true,
                dropoutRate,
                dropoutRate,
                kernel(),
                BlockNames.t5(decoder, gated()),
                Map.of());
    }

    private Map<String, Layer> stack(boolean decoder) {
        Map<String, Layer> row = new LinkedHashMap<>();
        if (decoder) {
            row.put("embed_tokens", new TiedEmbedding(vocabSize, dModel, "shared.weight", null));
        }
        row.put("dropout_in", new Dropout(dropoutRate));
        int blocks = decoder && numDecoderLayers != null ? numDecoderLayers : numLayers;
        for (int i = 0; i < blocks; i++) {
            row.put("block." + i, block(i, decoder));
        }
        row.put("final_layer_norm", new RmsNorm(layerNormEpsilon));
        row.put("dropout_out", new Dropout(dropoutRate));
        return row;
    }

    @Override
    public Layer layer() {
        Initializer table = Initializers.randomNormal(initializerFactor);
        double scale = scales() ? 1 / Math.sqrt(dModel) : 1;
        return Graph.of(g -> {
            String source = g.input(encoderInput);
            String target = g.input(decoderInput);
            String shared = g.add("shared", new Embedding(vocabSize, dModel, null, table), source);
            String encoder = g.add("encoder", Encoder.named(stack(false)), shared);
            String decoder =
                    g.add("decoder", Sequential.named(stack(true)), List.of(target), Map.of("memory", encoder));
            Layer head = tieWordEmbeddings
                    ? new TiedDense(vocabSize, "shared.weight", false, scale)
                    : new Dense(
                            vocabSize,
                            Activation.LINEAR,
                            false,
                            new Initializers.Scaled(table, scale),
                            Initializers.zeros());
            g.output(g.add("lm_head", head, decoder));
        });
    }
}

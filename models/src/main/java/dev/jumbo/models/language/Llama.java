package dev.jumbo.models.language;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.layers.sequence.RopeScaling;
import org.jspecify.annotations.Nullable;

/**
 * Llama (Touvron et al., 2023; Grattafiori et al., 2024), SmolLM 1 and 2, and what else has {@code model_type: llama}: by default Llama 2 7B. Takes
 * ids of tokens {@code [T]}, gives logits {@code [T, vocabSize]} of the next one. Names are those of Hugging Face's {@code LlamaForCausalLM}.
 *
 * @param vocabSize number of tokens
 * @param hiddenSize width of a step
 * @param intermediateSize width inside the gated dense layers
 * @param numHiddenLayers number of blocks
 * @param numAttentionHeads heads of queries
 * @param numKeyValueHeads heads of keys and values; as many as of queries if null
 * @param headDim width of a head, even; hidden_size divided by heads if null
 * @param hiddenAct function of the gate
 * @param maxPositionEmbeddings the longest sequence
 * @param rmsNormEps added to the mean square of normalisations
 * @param ropeTheta base of the wavelengths of positions
 * @param ropeScaling how positions stretch over a longer context
 * @param attentionBias whether the products of attention add biases
 * @param mlpBias whether the gated dense layers add biases
 * @param attentionDropout dropout of the attention weights, in training
 * @param tieWordEmbeddings whether the logits are made by the embedding's weight
 */
@Kind("llama")
@Doc("Llama, under the keys of its config.json. Takes ids of tokens, gives logits of the next one.")
public record Llama(
        @Doc("Number of tokens.") @Default("32000") int vocabSize,
        @Doc("Width of a step.") @Default("4096") int hiddenSize,

        @Doc("Width inside the gated dense layers.") @Default("11008")
        int intermediateSize,

        @Doc("Number of blocks.") @Default("32") int numHiddenLayers,
        @Doc("Heads of queries.") @Default("32") int numAttentionHeads,

        @Doc("Heads of keys and values; as many as of queries if null.") @Default("null") @Nullable
        Integer numKeyValueHeads,

        @Doc("Width of a head, even; hidden_size divided by heads if null.") @Default("null") @Nullable
        Integer headDim,

        @Doc("Function of the gate.") @Default("silu") HiddenAct hiddenAct,
        @Doc("The longest sequence.") @Default("2048") int maxPositionEmbeddings,

        @Doc("Added to the mean square of normalisations.") @Default("1.0e-6")
        double rmsNormEps,

        @Doc("Base of the wavelengths of positions.") @Default("10000.0")
        double ropeTheta,

        @Doc("How positions stretch over a longer context.") @Default("null") @Nullable
        RopeScaling ropeScaling,

        @Doc("Whether the products of attention add biases.") @Default("false")
        boolean attentionBias,

        @Doc("Whether the gated dense layers add biases.") @Default("false")
        boolean mlpBias,

        @Doc("Dropout of the attention weights, in training.") @Default("0.0")
        double attentionDropout,

        @Doc("Whether the logits are made by the embedding's weight.") @Default("false")
        boolean tieWordEmbeddings)
        implements DecoderModel {
    static final DecoderFamily<Llama> FAMILY = new DecoderFamily<>("llama", "LlamaForCausalLM", Llama.class, 2048);

    public Llama {
        DecoderFamily.require("llama", numHiddenLayers, maxPositionEmbeddings);
        DecoderFamily.requireHeads("llama", hiddenSize, numAttentionHeads, numKeyValueHeads, headDim);
    }
}

package dev.jumbo.models.language;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.layers.sequence.RopeScaling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Mistral (Jiang et al., 2023): Llama with a window in every block, by default the 7B. Takes ids of tokens {@code [T]}, gives logits {@code [T,
 * vocabSize]} of the next one.
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
 * @param slidingWindow steps that a step sees, itself among them; all before it if null
 * @param attentionDropout dropout of the attention weights, in training
 * @param tieWordEmbeddings whether the logits are made by the embedding's weight
 */
@Kind("mistral")
@Doc("Mistral, under the keys of its config.json. Takes ids of tokens, gives logits of the next one.")
public record Mistral(
        @Doc("Number of tokens.") @Default("32000") int vocabSize,
        @Doc("Width of a step.") @Default("4096") int hiddenSize,

        @Doc("Width inside the gated dense layers.") @Default("14336")
        int intermediateSize,

        @Doc("Number of blocks.") @Default("32") int numHiddenLayers,
        @Doc("Heads of queries.") @Default("32") int numAttentionHeads,

        @Doc("Heads of keys and values; as many as of queries if null.") @Default("8") @Nullable
        Integer numKeyValueHeads,

        @Doc("Width of a head, even; hidden_size divided by heads if null.") @Default("null") @Nullable
        Integer headDim,

        @Doc("Function of the gate.") @Default("silu") HiddenAct hiddenAct,
        @Doc("The longest sequence.") @Default("131072") int maxPositionEmbeddings,

        @Doc("Added to the mean square of normalisations.") @Default("1.0e-6")
        double rmsNormEps,

        @Doc("Base of the wavelengths of positions.") @Default("10000.0")
        double ropeTheta,

        @Doc("How positions stretch over a longer context.") @Default("null") @Nullable
        RopeScaling ropeScaling,

        @Doc("Steps that a step sees, itself among them; all before it if null.") @Default("4096") @Nullable
        Integer slidingWindow,

        @Doc("Dropout of the attention weights, in training.") @Default("0.0")
        double attentionDropout,

        @Doc("Whether the logits are made by the embedding's weight.") @Default("false")
        boolean tieWordEmbeddings)
        implements DecoderModel {
    static final DecoderFamily<Mistral> FAMILY =
            new DecoderFamily<>("mistral", "MistralForCausalLM", Mistral.class, 131072);

    public Mistral {
        DecoderFamily.require("mistral", numHiddenLayers, maxPositionEmbeddings);
        DecoderFamily.requireHeads("mistral", hiddenSize, numAttentionHeads, numKeyValueHeads, headDim);
    }

    @Override
    public List<Decoder.Each> blocks() {
        return Decoder.Each.alike(numHiddenLayers, slidingWindow);
    }
}

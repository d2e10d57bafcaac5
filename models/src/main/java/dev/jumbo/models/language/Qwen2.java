package dev.jumbo.models.language;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.layers.sequence.RopeScaling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Qwen 2 and 2.5 (Yang et al., 2024): Llama with biases on queries, keys and values, and windows in the last blocks where asked for. Takes ids
 * of tokens {@code [T]}, gives logits {@code [T, vocabSize]} of the next one.
 *
 * @param vocabSize number of tokens
 * @param hiddenSize width of a step
 * @param intermediateSize width inside the gated dense layers
 * @param numHiddenLayers number of blocks
 * @param numAttentionHeads heads of queries
 * @param numKeyValueHeads heads of keys and values; as many as of queries if null
 * @param hiddenAct function of the gate
 * @param maxPositionEmbeddings the longest sequence
 * @param rmsNormEps added to the mean square of normalisations
 * @param ropeTheta base of the wavelengths of positions
 * @param ropeScaling how positions stretch over a longer context
 * @param useSlidingWindow whether some blocks have a window
 * @param slidingWindow steps that a step sees, itself among them; all before it if null
 * @param maxWindowLayers blocks before the first that has a window
 * @param layerTypes what each block sees; by the other keys if null
 * @param attentionDropout dropout of the attention weights, in training
 * @param tieWordEmbeddings whether the logits are made by the embedding's weight
 */
@Kind("qwen2")
@Doc("Qwen 2 or 2.5, under the keys of its config.json. Takes ids of tokens, gives logits of the next one.")
public record Qwen2(
        @Doc("Number of tokens.") @Default("151936") int vocabSize,
        @Doc("Width of a step.") @Default("4096") int hiddenSize,

        @Doc("Width inside the gated dense layers.") @Default("22016")
        int intermediateSize,

        @Doc("Number of blocks.") @Default("32") int numHiddenLayers,
        @Doc("Heads of queries.") @Default("32") int numAttentionHeads,

        @Doc("Heads of keys and values; as many as of queries if null.") @Default("32") @Nullable
        Integer numKeyValueHeads,

        @Doc("Function of the gate.") @Default("silu") HiddenAct hiddenAct,
        @Doc("The longest sequence.") @Default("32768") int maxPositionEmbeddings,

        @Doc("Added to the mean square of normalisations.") @Default("1.0e-6")
        double rmsNormEps,

        @Doc("Base of the wavelengths of positions.") @Default("10000.0")
        double ropeTheta,

        @Doc("How positions stretch over a longer context.") @Default("null") @Nullable
        RopeScaling ropeScaling,

        @Doc("Whether some blocks have a window.") @Default("false")
        boolean useSlidingWindow,

        @Doc("Steps that a step sees, itself among them; all before it if null.") @Default("4096") @Nullable
        Integer slidingWindow,

        @Doc("Blocks before the first that has a window.") @Default("28")
        int maxWindowLayers,

        @Doc("What each block sees; by the other keys if null.") @Default("null") @Nullable
        List<LayerType> layerTypes,

        @Doc("Dropout of the attention weights, in training.") @Default("0.0")
        double attentionDropout,

        @Doc("Whether the logits are made by the embedding's weight.") @Default("false")
        boolean tieWordEmbeddings)
        implements DecoderModel {
    static final DecoderFamily<Qwen2> FAMILY = new DecoderFamily<>("qwen2", "Qwen2ForCausalLM", Qwen2.class, 32768);

    public Qwen2 {
        layerTypes = layerTypes == null ? null : List.copyOf(layerTypes);
        DecoderFamily.require("qwen2", numHiddenLayers, maxPositionEmbeddings);
        DecoderFamily.requireHeads("qwen2", hiddenSize, numAttentionHeads, numKeyValueHeads, null);
    }

    @Override
    public boolean queryBias() {
        return true;
    }

    @Override
    public List<Decoder.Each> blocks() {
        return LayerType.blocks(
                numHiddenLayers, layerTypes, useSlidingWindow ? slidingWindow : null, maxWindowLayers, "qwen2");
    }
}

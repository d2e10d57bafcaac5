package dev.jumbo.models.language;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.layers.sequence.RopeScaling;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SmolLM 3 (Bakouche et al., 2025): Llama where some blocks, by default each fourth, have no positions (Yang et al., 2025). Takes ids of tokens
 * {@code [T]}, gives logits {@code [T, vocabSize]} of the next one.
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
 * @param headDim width of a head, even; hidden_size divided by heads if null
 * @param attentionBias whether the products of attention add biases
 * @param mlpBias whether the gated dense layers add biases
 * @param noRopeLayers for each block 1 if it has positions, 0 if not; by no_rope_layer_interval if null
 * @param noRopeLayerInterval each block that is a multiple of this, counted from 1, has no positions
 * @param useSlidingWindow whether some blocks have a window
 * @param slidingWindow steps that a step sees, itself among them; all before it if null
 * @param layerTypes what each block sees; by the other keys if null
 * @param attentionDropout dropout of the attention weights, in training
 * @param tieWordEmbeddings whether the logits are made by the embedding's weight
 */
@Kind("smollm3")
@Doc("SmolLM 3, under the keys of its config.json. Takes ids of tokens, gives logits of the next one.")
public record SmolLm3(
        @Doc("Number of tokens.") @Default("128256") int vocabSize,
        @Doc("Width of a step.") @Default("2048") int hiddenSize,

        @Doc("Width inside the gated dense layers.") @Default("11008")
        int intermediateSize,

        @Doc("Number of blocks.") @Default("36") int numHiddenLayers,
        @Doc("Heads of queries.") @Default("16") int numAttentionHeads,

        @Doc("Heads of keys and values; as many as of queries if null.") @Default("4") @Nullable
        Integer numKeyValueHeads,

        @Doc("Function of the gate.") @Default("silu") HiddenAct hiddenAct,
        @Doc("The longest sequence.") @Default("32768") int maxPositionEmbeddings,

        @Doc("Added to the mean square of normalisations.") @Default("1.0e-6")
        double rmsNormEps,

        @Doc("Base of the wavelengths of positions.") @Default("2000000.0")
        double ropeTheta,

        @Doc("How positions stretch over a longer context.") @Default("null") @Nullable
        RopeScaling ropeScaling,

        @Doc("Width of a head, even; hidden_size divided by heads if null.") @Default("null") @Nullable
        Integer headDim,

        @Doc("Whether the products of attention add biases.") @Default("false")
        boolean attentionBias,

        @Doc("Whether the gated dense layers add biases.") @Default("false")
        boolean mlpBias,

        @Doc("For each block 1 if it has positions, 0 if not; by no_rope_layer_interval if null.")
        @Default("null")
        @Nullable
        List<Integer> noRopeLayers,

        @Doc("Each block that is a multiple of this, counted from 1, has no positions.") @Default("4")
        int noRopeLayerInterval,

        @Doc("Whether some blocks have a window.") @Default("false")
        boolean useSlidingWindow,

        @Doc("Steps that a step sees, itself among them; all before it if null.") @Default("null") @Nullable
        Integer slidingWindow,

        @Doc("What each block sees; by the other keys if null.") @Default("null") @Nullable
        List<LayerType> layerTypes,

        @Doc("Dropout of the attention weights, in training.") @Default("0.0")
        double attentionDropout,

        @Doc("Whether the logits are made by the embedding's weight.") @Default("true")
        boolean tieWordEmbeddings)
        implements DecoderModel {
    static final DecoderFamily<SmolLm3> FAMILY =
            new DecoderFamily<>("smollm3", "SmolLM3ForCausalLM", SmolLm3.class, 32768);

    public SmolLm3 {
        layerTypes = layerTypes == null ? null : List.copyOf(layerTypes);
        noRopeLayers = noRopeLayers == null ? null : List.copyOf(noRopeLayers);
        LayerType.requireOneEach(numHiddenLayers, layerTypes, "smollm3.layer_types");
        LayerType.requireOneEach(numHiddenLayers, noRopeLayers, "smollm3.no_rope_layers");
        if (noRopeLayerInterval < 1) {
            throw new InputException(
                    "smollm3.no_rope_layer_interval: expected 1 or more, received " + noRopeLayerInterval);
        }
        DecoderFamily.require("smollm3", numHiddenLayers, maxPositionEmbeddings);
        DecoderFamily.requireHeads("smollm3", hiddenSize, numAttentionHeads, numKeyValueHeads, headDim);
    }

    @Override
    public List<Decoder.Each> blocks() {
        List<Boolean> turned = new ArrayList<>();
        for (int i = 0; i < numHiddenLayers; i++) {
            turned.add(noRopeLayers == null ? (i + 1) % noRopeLayerInterval != 0 : noRopeLayers.get(i) != 0);
        }
        List<LayerType> types = new ArrayList<>();
        for (int i = 0; i < numHiddenLayers; i++) {
            boolean window = layerTypes == null ? !turned.get(i) : layerTypes.get(i) == LayerType.SLIDING_ATTENTION;
            types.add(window && useSlidingWindow ? LayerType.SLIDING_ATTENTION : LayerType.FULL_ATTENTION);
        }
        List<Decoder.Each> blocks = new ArrayList<>();
        for (int i = 0; i < numHiddenLayers; i++) {
            boolean window = types.get(i) == LayerType.SLIDING_ATTENTION && slidingWindow != null;
            blocks.add(new Decoder.Each(window ? slidingWindow : null, turned.get(i)));
        }
        return blocks;
    }
}

package dev.jumbo.models.language;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.layers.sequence.RopeScaling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A model of Llama's form. What every family has are the components of its record; what a family lacks or fixes has a value here. */
interface DecoderModel extends LanguageModel {
    int hiddenSize();

    int intermediateSize();

    int numHiddenLayers();

    int numAttentionHeads();

    @Nullable
    Integer numKeyValueHeads();

    HiddenAct hiddenAct();

    double rmsNormEps();

    double ropeTheta();

    @Nullable
    RopeScaling ropeScaling();

    double attentionDropout();

    boolean tieWordEmbeddings();

    /** Width of a head; hidden_size divided by heads if null. */
    default @Nullable Integer headDim() {
        return null;
    }

    /** Whether the products of attention add biases. */
    default boolean attentionBias() {
        return false;
    }

    /** Whether those of queries, keys and values do. */
    default boolean queryBias() {
        return attentionBias();
    }

    default boolean mlpBias() {
        return false;
    }

    /** Whether queries and keys of each head are normalised. */
    default boolean qkNorm() {
        return false;
    }

    /** What is peculiar to each block. */
    default List<Decoder.Each> blocks() {
        return Decoder.Each.alike(numHiddenLayers(), null);
    }

    default Decoder decoder() {
        Integer kvHeads = numKeyValueHeads();
        Integer headDim = headDim();
        return new Decoder(
                vocabSize(),
                hiddenSize(),
                intermediateSize(),
                hiddenAct().activation(),
                numAttentionHeads(),
                kvHeads == null ? numAttentionHeads() : kvHeads,
                headDim == null ? hiddenSize() / numAttentionHeads() : headDim,
                ropeTheta(),
                ropeScaling(),
                rmsNormEps(),
                queryBias(),
                attentionBias(),
                mlpBias(),
                qkNorm(),
                attentionDropout(),
                tieWordEmbeddings(),
                blocks());
    }

    @Override
    default Layer layer() {
        return decoder().layer();
    }
}

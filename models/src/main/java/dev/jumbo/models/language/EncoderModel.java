package dev.jumbo.models.language;

import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.basic.Dense;
import dev.jumbo.nn.layers.basic.Dropout;
import dev.jumbo.nn.layers.basic.TiedDense;
import dev.jumbo.nn.layers.encoder.Attention;
import dev.jumbo.nn.layers.encoder.AttentionBlock;
import dev.jumbo.nn.layers.encoder.AttentionBlock.Norm;
import dev.jumbo.nn.layers.encoder.BlockNames;
import dev.jumbo.nn.layers.encoder.TokenEmbeddings;
import dev.jumbo.nn.layers.sequence.LayerNorm;
import dev.jumbo.nn.layers.sequence.SelectStep;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A model of BERT's form: what its records say in common, and the row of layers that it is. */
interface EncoderModel extends LanguageModel {
    int hiddenSize();

    int numHiddenLayers();

    int numAttentionHeads();

    int intermediateSize();

    HiddenAct hiddenAct();

    double hiddenDropoutProb();

    double attentionProbsDropoutProb();

    int typeVocabSize();

    double initializerRange();

    double layerNormEps();

    @Nullable
    Integer padTokenId();

    @Nullable
    Double classifierDropout();

    boolean tieWordEmbeddings();

    int numLabels();

    EncoderTask task();

    /** What the names of the body begin with where there is a head: {@code bert}. */
    String prefix();

    /** Whether positions count behind the id of padding. */
    boolean positionsBehindPadding();

    /**
     * The head, whose first layer takes the vectors of tokens.
     *
     * @param drop a dropout layer
     */
    Map<String, Layer> head(Layer drop);

    default boolean hasHead() {
        return task() != EncoderTask.TOKEN_EMBEDDINGS && task() != EncoderTask.SENTENCE_EMBEDDINGS;
    }

    /** A name of the body. */
    default String own(String name) {
        return hasHead() ? prefix() + "." + name : name;
    }

    default TokenEmbeddings embeddings() {
        return new TokenEmbeddings(
                vocabSize(),
                hiddenSize(),
                maxPositionEmbeddings(),
                typeVocabSize(),
                padTokenId(),
                positionsBehindPadding(),
                layerNormEps(),
                first(),
                Map.of());
    }

    default Initializer first() {
        return Initializers.randomNormal(initializerRange());
    }

    /** A dense layer as these models begin. */
    default Layer dense(int units, Activation activation) {
        return new Dense(units, activation, true, first(), Initializers.zeros());
    }

    private AttentionBlock block() {
        Attention attention = new Attention(
                numAttentionHeads(),
                null,
                false,
                false,
                null,
                null,
                attentionProbsDropoutProb(),
                true,
                first(),
                List.of("self.query", "self.key", "self.value", "output.dense"),
                Map.of());
        return new AttentionBlock(
                attention,
                null,
                intermediateSize(),
                hiddenAct().activation(),
                false,
                true,
                Norm.LAYER_NORM,
                layerNormEps(),
                false,
                hiddenDropoutProb(),
                0,
                first(),
                BlockNames.BERT,
                Map.of());
    }

    @Override
    default Layer layer() {
        Map<String, Layer> row = new LinkedHashMap<>();
        row.put(own("embeddings"), embeddings());
        row.put(own("dropout"), new Dropout(hiddenDropoutProb()));
        for (int i = 0; i < numHiddenLayers(); i++) {
            row.put(own("encoder.layer." + i), block());
        }
        if (task() == EncoderTask.SENTENCE_EMBEDDINGS) {
            row.put("pooling.steps", Layers.permute(2, 1));
            row.put("pooling.mean", Layers.globalAvgPool());
        } else if (hasHead()) {
            @Nullable Double own = classifierDropout();
            row.putAll(head(new Dropout(own == null ? hiddenDropoutProb() : own)));
        }
        return Sequential.named(row);
    }

    /** The head of a masked language model: a dense layer, a normalisation, and logits by the embedding's weight with a bias. */
    default Map<String, Layer> languageHead(String dense, String norm, String decoder, Activation activation) {
        Map<String, Layer> head = new LinkedHashMap<>();
        head.put(dense, dense(hiddenSize(), activation));
        head.put(norm, new LayerNorm(layerNormEps()));
        head.put(
                decoder,
                tieWordEmbeddings()
                        ? new TiedDense(vocabSize(), own("embeddings.word_embeddings.weight"), true, 1)
                        : dense(vocabSize(), Activation.LINEAR));
        return head;
    }

    static Layer firstToken() {
        return new SelectStep(0);
    }

    @Override
    default List<Field> inputs() {
        @Nullable Integer padding = padTokenId();
        return List.of(Field.tokens(
                "tokens",
                vocabSize(),
                padding == null ? 0 : padding,
                embeddings().longest()));
    }

    @Override
    default List<Field> targets() {
        int longest = embeddings().longest();
        return switch (task()) {
            case MASKED_LM -> List.of(Field.classIds("token", longest));
            case TOKEN_CLASSIFICATION ->
                List.of(new Field("labels", Spec.ids(longest).varying(0), new Meaning.ClassId(labels())));
            case SEQUENCE_CLASSIFICATION -> List.of(Field.classId("label", labels()));
            case TOKEN_EMBEDDINGS ->
                List.of(Field.floats("embeddings", Shape.of(longest, hiddenSize()))
                        .ragged(longest));
            case SENTENCE_EMBEDDINGS -> List.of(Field.floats("embedding", Shape.of(hiddenSize())));
        };
    }

    /** Embeddings learn nothing by themselves; they are answered as numbers. */
    @Override
    default Loss loss() {
        return hasHead() ? LanguageModel.super.loss() : Losses.mse();
    }

    @Override
    default boolean readsWholeTexts() {
        return true;
    }

    private List<String> labels() {
        return IntStream.range(0, numLabels()).mapToObj(i -> "LABEL_" + i).toList();
    }
}

package dev.jumbo.models.language;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Activation;
import dev.jumbo.nn.Layer;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * BERT (Devlin et al., 2019), under the keys of its {@code config.json}: by default bert-base-uncased, 109,514,298 parameters. Takes ids of tokens {@code [T]},
 * and their types as the side input {@code token_type_ids}; gives what its {@link EncoderTask} says. Names are those of Hugging Face's files; the bias of the
 * logits of tokens is {@code cls.predictions.decoder.bias}.
 *
 * @param vocabSize number of tokens
 * @param hiddenSize width of a step
 * @param numHiddenLayers number of blocks
 * @param numAttentionHeads heads of each attention; divides the width
 * @param intermediateSize width inside the dense layers
 * @param hiddenAct between the dense layers
 * @param hiddenDropoutProb dropout of steps, in training
 * @param attentionProbsDropoutProb dropout of attention weights, in training
 * @param maxPositionEmbeddings the longest text
 * @param typeVocabSize types of tokens
 * @param initializerRange standard deviation of first weights
 * @param layerNormEps added to the variance of normalisations
 * @param padTokenId id that fills up short texts
 * @param classifierDropout dropout before the classes; that of steps if null
 * @param tieWordEmbeddings whether logits of tokens are made by the embedding's weight
 * @param numLabels number of classes, where the task has some
 * @param task which head it has
 */
@Kind("bert")
@Doc("BERT, under the keys of its config.json, for the task that it is used for. Takes ids of tokens.")
public record Bert(
        @Doc("Number of tokens.") @Default("30522") int vocabSize,
        @Doc("Width of a step.") @Default("768") int hiddenSize,
        @Doc("Number of blocks.") @Default("12") int numHiddenLayers,
        @Doc("Heads of each attention.") @Default("12") int numAttentionHeads,

        @Doc("Width inside the dense layers.") @Default("3072")
        int intermediateSize,

        @Doc("Between the dense layers.") @Default("gelu") HiddenAct hiddenAct,

        @Doc("Dropout of steps, in training.") @Default("0.1")
        double hiddenDropoutProb,

        @Doc("Dropout of attention weights, in training.") @Default("0.1")
        double attentionProbsDropoutProb,

        @Doc("The longest text.") @Default("512") int maxPositionEmbeddings,

        @Doc("Types of tokens, such as first and second text.") @Default("2")
        int typeVocabSize,

        @Doc("Standard deviation of first weights.") @Default("0.02")
        double initializerRange,

        @Doc("Added to the variance of normalisations.") @Default("1.0e-12")
        double layerNormEps,

        @Doc("Id that fills up short texts.") @Default("0") @Nullable
        Integer padTokenId,

        @Doc("Dropout before the classes, in training; hidden_dropout_prob if null.") @Default("null") @Nullable
        Double classifierDropout,

        @Doc("Whether logits of tokens are made by the embedding's weight.") @Default("true")
        boolean tieWordEmbeddings,

        @Doc("Number of classes.") @Default("2") int numLabels,
        @Doc("Which head it has.") @Default("masked_lm") EncoderTask task)
        implements EncoderModel {
    static final EncoderFamily<Bert> FAMILY = new EncoderFamily<>("bert", "Bert", Bert.class);

    public Bert {
        EncoderFamily.require("bert", vocabSize, hiddenSize, numHiddenLayers, numAttentionHeads, numLabels);
    }

    @Override
    public String prefix() {
        return "bert";
    }

    @Override
    public boolean positionsBehindPadding() {
        return false;
    }

    @Override
    public Map<String, Layer> head(Layer drop) {
        if (task == EncoderTask.MASKED_LM) {
            String to = "cls.predictions.";
            return languageHead(
                    to + "transform.dense", to + "transform.LayerNorm", to + "decoder", hiddenAct.activation());
        }
        Map<String, Layer> head = new LinkedHashMap<>();
        if (task == EncoderTask.SEQUENCE_CLASSIFICATION) {
            head.put("bert.pooler.first", EncoderModel.firstToken());
            head.put("bert.pooler.dense", dense(hiddenSize, Activation.TANH));
        }
        head.put("dropout", drop);
        head.put("classifier", dense(numLabels, Activation.LINEAR));
        return head;
    }
}

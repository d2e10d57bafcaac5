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
 * RoBERTa (Liu et al., 2019), under the keys of its {@code config.json}: by default roberta-base, 124,697,433 parameters. As {@link Bert}, with positions that
 * count behind the id of padding, which short texts must be filled up with, and other heads. The bias of the logits of tokens is {@code lm_head.decoder.bias}.
 *
 * @param vocabSize number of tokens
 * @param hiddenSize width of a step
 * @param numHiddenLayers number of blocks
 * @param numAttentionHeads heads of each attention; divides the width
 * @param intermediateSize width inside the dense layers
 * @param hiddenAct between the dense layers
 * @param hiddenDropoutProb dropout of steps, in training
 * @param attentionProbsDropoutProb dropout of attention weights, in training
 * @param maxPositionEmbeddings positions that have a vector: the longest text has {@code padTokenId + 1} tokens less
 * @param typeVocabSize types of tokens
 * @param initializerRange standard deviation of first weights
 * @param layerNormEps added to the variance of normalisations
 * @param padTokenId id that fills up short texts
 * @param classifierDropout dropout before the classes; that of steps if null
 * @param tieWordEmbeddings whether logits of tokens are made by the embedding's weight
 * @param numLabels number of classes, where the task has some
 * @param task which head it has
 */
@Kind("roberta")
@Doc("RoBERTa, under the keys of its config.json, for the task that it is used for. Takes ids of tokens.")
public record Roberta(
        @Doc("Number of tokens.") @Default("50265") int vocabSize,
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

        @Doc("Positions that have a vector; the longest text has pad_token_id + 1 tokens less.") @Default("514")
        int maxPositionEmbeddings,

        @Doc("Types of tokens, such as first and second text.") @Default("1")
        int typeVocabSize,

        @Doc("Standard deviation of first weights.") @Default("0.02")
        double initializerRange,

        @Doc("Added to the variance of normalisations.") @Default("1.0e-5")
        double layerNormEps,

        @Doc("Id that fills up short texts.") @Default("1") @Nullable
        Integer padTokenId,

        @Doc("Dropout before the classes, in training; hidden_dropout_prob if null.") @Default("null") @Nullable
        Double classifierDropout,

        @Doc("Whether logits of tokens are made by the embedding's weight.") @Default("true")
        boolean tieWordEmbeddings,

        @Doc("Number of classes.") @Default("2") int numLabels,
        @Doc("Which head it has.") @Default("masked_lm") EncoderTask task)
        implements EncoderModel {
    static final EncoderFamily<Roberta> FAMILY = new EncoderFamily<>("roberta", "Roberta", Roberta.class);

    public Roberta {
        EncoderFamily.require("roberta", vocabSize, hiddenSize, numHiddenLayers, numAttentionHeads, numLabels);
    }

    @Override
    public String prefix() {
        return "roberta";
    }

    @Override
    public boolean positionsBehindPadding() {
        return true;
    }

    @Override
    public Map<String, Layer> head(Layer drop) {
        if (task == EncoderTask.MASKED_LM) {
            return languageHead("lm_head.dense", "lm_head.layer_norm", "lm_head.decoder", Activation.GELU);
        }
        Map<String, Layer> head = new LinkedHashMap<>();
        if (task == EncoderTask.TOKEN_CLASSIFICATION) {
            head.put("dropout", drop);
            head.put("classifier", dense(numLabels, Activation.LINEAR));
            return head;
        }
        head.put("classifier.first", EncoderModel.firstToken());
        head.put("classifier.dropout", drop);
        head.put("classifier.dense", dense(hiddenSize, Activation.TANH));
        head.put("classifier.dropout_out", drop);
        head.put("classifier.out_proj", dense(numLabels, Activation.LINEAR));
        return head;
    }
}

package dev.jumbo.train.objective;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.List;
import java.util.Set;

/**
 * A sequence from another: {@code -log p(label_t | source, labels before t)}, averaged over all labels, with label smoothing and z-loss. The
 * data's target is the labels, with the token that ends them; the model is given the source and, as a further input, the labels shifted by one
 * behind {@code decoderStartTokenId}, as Hugging Face's encoder-decoders make it of {@code labels}.
 *
 * @param decoderStartTokenId what the decoder begins with
 * @param padTokenId what the decoder is given in the place of labels that do not count
 * @param decoderInput name of the decoder's input; its mask is {@code NAME_mask}
 * @param labelSmoothing share of each target spread over all tokens, 0 to 1; 0.1 in Vaswani et al., 2017
 * @param zLoss factor of {@code log^2} of the sum of the exponentials of the logits, 0 for none
 */
@Kind("seq2seq_lm")
@Doc("A sequence from another, token by token.")
public record Seq2SeqLm(
        @Doc("The id that the decoder begins with.") @Default("0")
        long decoderStartTokenId,

        @Doc("The id that the decoder is given where labels do not count.") @Default("0")
        long padTokenId,

        @Doc("Name of the decoder's input; its mask is NAME_mask.") @Default("decoder_tokens")
        String decoderInput,

        @Doc("Share of each target spread over all tokens.") @Default("0.0")
        double labelSmoothing,

        @Doc("Factor of z-loss, the squared logarithm of the sum of exponentials of logits.") @Default("0.0")
        double zLoss)
        implements Objective {
    public Seq2SeqLm {
        if (decoderStartTokenId < 0 || padTokenId < 0 || decoderInput.isBlank()) {
            throw new InputException(
                    "seq2seq_lm: expected ids of 0 or more and a name of the decoder's input, received "
                            + decoderStartTokenId + ", " + padTokenId + " and \"" + decoderInput + "\"");
        }
        new TokenLoss(labelSmoothing, zLoss);
    }

    private TokenLoss loss() {
        return new TokenLoss(labelSmoothing, zLoss);
    }

    private DecoderInput decoder() {
        return new DecoderInput(decoderInput, decoderStartTokenId, padTokenId);
    }

    @Override
    public List<Field> inputs(List<Field> ofData, List<Field> targets) {
        Field target = target(targets);
        long vocabulary = target.meaning() instanceof Meaning.Tokens tokens ? tokens.vocabulary() : 0;
        return decoder()
                .beside(ofData, vocabulary, Math.toIntExact(target.shape().size(0)));
    }

    private static Field target(List<Field> targets) {
        boolean fits = targets.size() == 1
                && targets.get(0).dtype() == DType.INT64
                && targets.get(0).shape().rank() == 1;
        if (!fits) {
            throw new InputException("seq2seq_lm: expected one target of ids [T], the labels, received " + targets);
        }
        return targets.get(0);
    }

    @Override
    public Weighted of(TrainedModels models, Batch batch, Pass pass) {
        Column labels = batch.targets().get(0);
        Tensors inputs = decoder()
                .beside(
                        batch.tensors(),
                        labels.longs(),
                        batch.size(),
                        Math.toIntExact(labels.shape().size(1)));
        Tensor logits = models.main().forward(inputs, pass).main();
        return loss().of(logits, labels.tensor().to(logits.device()), batch).withOutputs(logits);
    }

    @Override
    public double[] weights(Batch batch, Device device) {
        return new double[] {
            batch.size() == 0 ? 0 : loss().weight(batch.targets().get(0).tensor(), batch)
        };
    }

    @Override
    public boolean passesOnce() {
        return true;
    }

    @Override
    public Set<String> parts() {
        return loss().parts();
    }

    @Override
    public List<Field> answers(Specs outputs, List<Field> targets) {
        return targets;
    }

    @Override
    public Loss answer(int output) {
        return loss().crossEntropy();
    }
}

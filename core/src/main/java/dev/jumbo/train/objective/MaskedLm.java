package dev.jumbo.train.objective;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Batch;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Tokens that were hidden, from all others (Devlin et al., 2019, section 3.1). Each token that is neither padding nor special is chosen with
 * {@code mlmProbability}; of the chosen ones a share becomes the mask token, another a random token, and the rest stays. The loss is the mean
 * over the chosen ones. Settings as of Hugging Face's {@code DataCollatorForLanguageModeling}.
 *
 * <p>Training draws other tokens each time a text comes; validation and evaluation always draw the same for the same text, so that their
 * figures compare.
 *
 * @param maskTokenId what hides a token
 * @param vocabSize ids of the vocabulary, from which random tokens are drawn; 0 for what the data says
 * @param specialTokenIds ids that are never chosen, such as those of beginning, end and padding
 * @param mlmProbability with which a token is chosen, above 0, to 1
 * @param maskReplaceProb share of the chosen ones that the mask token replaces
 * @param randomReplaceProb share that a random token replaces; both together at most 1
 * @param labelSmoothing share of each target spread over all tokens, 0 to 1
 * @param zLoss factor of {@code log^2} of the sum of the exponentials of the logits, 0 for none
 */
@Kind("masked_lm")
@Doc("Tokens that were hidden, from all others.")
public record MaskedLm(
        @Doc("The id that hides a token.") long maskTokenId,

        @Doc("Ids of the vocabulary, from which random tokens are drawn; 0 for what the data says.") @Default("0")
        long vocabSize,

        @Doc("Ids that are never chosen, such as those of beginning, end and padding.") @Default("[]")
        List<Long> specialTokenIds,

        @Doc("Probability with which a token is chosen.") @Default("0.15")
        double mlmProbability,

        @Doc("Share of the chosen tokens that mask_token_id replaces.") @Default("0.8")
        double maskReplaceProb,

        @Doc("Share of the chosen tokens that a random token replaces.") @Default("0.1")
        double randomReplaceProb,

        @Doc("Share of each target spread over all tokens.") @Default("0.0")
        double labelSmoothing,

        @Doc("Factor of z-loss, the squared logarithm of the sum of exponentials of logits.") @Default("0.0")
        double zLoss)
        implements Objective {
    public MaskedLm {
        specialTokenIds = List.copyOf(specialTokenIds);
        require(maskTokenId >= 0, "mask_token_id", "0 or more", maskTokenId);
        require(
                vocabSize == 0 || maskTokenId < vocabSize,
                "mask_token_id",
                "below vocab_size " + vocabSize,
                maskTokenId);
        require(mlmProbability > 0 && mlmProbability <= 1, "mlm_probability", "above 0, to 1", mlmProbability);
        require(maskReplaceProb >= 0 && maskReplaceProb <= 1, "mask_replace_prob", "from 0 to 1", maskReplaceProb);
        require(
                randomReplaceProb >= 0 && randomReplaceProb <= 1 - maskReplaceProb + 1e-9,
                "random_replace_prob",
                "from 0 to what mask_replace_prob leaves of 1",
                randomReplaceProb);
        new TokenLoss(labelSmoothing, zLoss);
    }

    private static void require(boolean holds, String key, String expected, Object received) {
        if (!holds) {
            throw new InputException("masked_lm." + key + ": expected " + expected + ", received " + received);
        }
    }

    /** As BERT. @param vocabSize 0 for what the data says */
    public static MaskedLm of(long maskTokenId, long vocabSize, Long... specialTokenIds) {
        return new MaskedLm(maskTokenId, vocabSize, List.of(specialTokenIds), 0.15, 0.8, 0.1, 0, 0);
    }

    private TokenLoss loss() {
        return new TokenLoss(labelSmoothing, zLoss);
    }

    @Override
    public Weighted of(TrainedModels models, Batch batch, Pass pass) {
        TokenBatch tokens = TokenBatch.of(batch, "masked_lm");
        long[] ids = tokens.ids().clone();
        long[] labels = TokenLoss.ignored(ids.length);
        RandomState drawn = pass.training() ? Draw.ofStep() : null;
        for (int i = 0; i < tokens.rows(); i++) {
            int from = i * tokens.steps();
            int to = from + tokens.real()[i];
            RandomState own = drawn == null ? Draw.ofContent(ids, from, to) : drawn.derive(i);
            hide(ids, labels, from, to, vocabulary(tokens), own.generator());
        }
        Tensor logits =
                models.main().forward(tokens.with(batch, ids).tensors(), pass).main();
        return loss().of(
                        logits,
                        Tensor.of(labels, Shape.of(tokens.rows(), tokens.steps()))
                                .to(logits.device()),
                        batch);
    }

    private long vocabulary(TokenBatch tokens) {
        long known = vocabSize > 0 ? vocabSize : tokens.vocabulary();
        require(
                known > 0 || randomReplaceProb == 0,
                "vocab_size",
                "the number of ids, which the data does not say",
                "none");
        return known;
    }

    /** Hides some of the ids, and puts what they were into the labels. */
    void hide(long[] ids, long[] labels, int from, int to, long vocabulary, SplittableRandom random) {
        for (int i = from; i < to; i++) {
            if (specialTokenIds.contains(ids[i]) || random.nextDouble() >= mlmProbability) {
                continue;
            }
            labels[i] = ids[i];
            double how = random.nextDouble();
            if (how < maskReplaceProb) {
                ids[i] = maskTokenId;
            } else if (how < maskReplaceProb + randomReplaceProb) {
                ids[i] = random.nextLong(vocabulary);
            }
        }
    }

    /** What is learned is drawn from the inputs. */
    @Override
    public boolean answersTargets() {
        return false;
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
    public Loss answer(int output) {
        return loss().crossEntropy();
    }
}

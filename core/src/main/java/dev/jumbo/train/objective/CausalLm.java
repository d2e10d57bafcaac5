package dev.jumbo.train.objective;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import java.util.Set;

/**
 * The next token of each: {@code -log p(next_t | tokens up to t)}, averaged over all that count, with label smoothing and z-loss.
 *
 * <p>Where the data has a target of ids, it is the next tokens, -100 where nothing counts: as windows and packed documents have them. Where
 * it has none, the next tokens are the tokens themselves, shifted by one, without padding.
 *
 * @param labelSmoothing share of each target spread over all tokens, 0 to 1, as PyTorch's
 * @param zLoss factor of {@code log^2} of the sum of the exponentials of the logits, 0 for none; 1e-4 in PaLM
 */
@Kind("causal_lm")
@Doc("The next token of each, from those before it.")
public record CausalLm(
        @Doc("Share of each target spread over all tokens.") @Default("0.0")
        double labelSmoothing,

        @Doc("Factor of z-loss, the squared logarithm of the sum of exponentials of logits; 1e-4 in PaLM.")
        @Default("0.0")
        double zLoss)
        implements Objective {
    public CausalLm {
        loss(labelSmoothing, zLoss);
    }

    /** Cross-entropy alone. */
    public CausalLm() {
        this(0, 0);
    }

    private static TokenLoss loss(double labelSmoothing, double zLoss) {
        return new TokenLoss(labelSmoothing, zLoss);
    }

    private TokenLoss loss() {
        return loss(labelSmoothing, zLoss);
    }

    @Override
    public Weighted of(TrainedModels models, Batch batch, Pass pass) {
        Tensor logits = models.main().forward(batch.tensors(), pass).main();
        Weighted result = loss().of(logits, labels(batch).to(logits.device()), batch);
        return batch.targets().isEmpty() ? result : result.withOutputs(logits);
    }

    @Override
    public double[] weights(Batch batch, Device device) {
        return new double[] {batch.size() == 0 ? 0 : loss().weight(labels(batch), batch)};
    }

    private static Tensor labels(Batch batch) {
        if (!batch.targets().isEmpty()) {
            Field target = batch.targets().get(0).field();
            if (target.dtype() != DType.INT64 || target.shape().rank() != 1) {
                throw new InputException(
                        "causal_lm: expected a target of the next tokens [T], or none, received " + target);
            }
            return batch.targets().get(0).tensor();
        }
        TokenBatch tokens = TokenBatch.of(batch, "causal_lm");
        long[] labels = TokenLoss.ignored(tokens.rows() * tokens.steps());
        for (int i = 0; i < tokens.rows(); i++) {
            for (int t = 1; t < tokens.real()[i]; t++) {
                labels[i * tokens.steps() + t - 1] = tokens.id(i, t);
            }
        }
        return Tensor.of(labels, Shape.of(tokens.rows(), tokens.steps()));
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
        return targets.isEmpty() ? Objective.super.answers(outputs, targets) : targets;
    }

    @Override
    public Loss answer(int output) {
        return loss().crossEntropy();
    }
}

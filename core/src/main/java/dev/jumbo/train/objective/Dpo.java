package dev.jumbo.train.objective;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Direct preference optimization (Rafailov et al., 2023, equation 7): of two answers to a prompt, the chosen one is to become likelier than the
 * rejected one, beside a reference, the model as training began. With {@code d = (log p(chosen) - log p_ref(chosen)) - (log p(rejected) - log
 * p_ref(rejected))}, summed over the tokens of the answers:
 *
 * <ul>
 *   <li>{@code sigmoid}: {@code -(1 - e) log sigmoid(beta d) - e log sigmoid(-beta d)}, e the label smoothing (Mitchell, 2023, conservative
 *       DPO)
 *   <li>{@code robust}: {@code (-(1 - e) log sigmoid(beta d) + e log sigmoid(-beta d)) / (1 - 2 e)} (Chowdhury et al., 2024)
 *   <li>{@code hinge}: {@code max(0, 1 - beta d)} (Zhao et al., 2023)
 *   <li>{@code ipo}: {@code (d' - 1 / (2 beta))^2}, d' with means over the tokens in the place of sums (Azar et al., 2023, equation 17), as
 *       trl's
 * </ul>
 *
 * <p>The data's first two inputs are ids {@code [T]} of the prompt with the chosen and with the rejected answer, its first two targets the next
 * tokens of each, -100 where none counts, as in the prompt. The model is given one of both at a time, as {@code tokens}.
 *
 * <p>Beside the loss are logged trl's {@code rewards/chosen}, {@code rewards/rejected} (beta times the difference to the reference), {@code
 * rewards/accuracies} (share of pairs whose chosen answer has the higher one) and {@code rewards/margins}.
 *
 * @param beta how closely the model stays with the reference, above 0
 * @param labelSmoothing share of pairs that are taken to be the wrong way round, 0 to below 0.5; of sigmoid and robust
 * @param lossType which of the losses
 */
@Kind("dpo")
@Doc("Direct preference optimization: the chosen one of two answers becomes likelier than the rejected one.")
public record Dpo(
        @Doc("How closely the model stays with the one that training began with.") @Default("0.1")
        double beta,

        @Doc("Share of pairs that are taken to be the wrong way round, below 0.5; of sigmoid and robust.")
        @Default("0.0")
        double labelSmoothing,

        @Doc("sigmoid, robust, hinge or ipo.") @Default("sigmoid")
        LossType lossType)
        implements Objective {
    private static final String INPUT = "tokens";
    private static final String CHOSEN = "rewards/chosen";
    private static final String REJECTED = "rewards/rejected";
    private static final String ACCURACIES = "rewards/accuracies";
    private static final String MARGINS = "rewards/margins";

    /** What is made of a difference. */
    public enum LossType {
        SIGMOID,
        ROBUST,
        HINGE,
        IPO
    }

    public Dpo {
        if (!(beta > 0) || Double.isInfinite(beta)) {
            throw new InputException("dpo.beta: expected a number above 0, received " + beta);
        }
        boolean smooths = lossType == LossType.SIGMOID || lossType == LossType.ROBUST;
        if (!(labelSmoothing >= 0 && labelSmoothing < 0.5) || labelSmoothing > 0 && !smooths) {
            throw new InputException(
                    "dpo.label_smoothing: expected a share from 0 to below 0.5 beside sigmoid or robust," + " received "
                            + labelSmoothing + " beside " + lossType);
        }
    }

    /** The first loss, without smoothing. */
    public static Dpo of(double beta) {
        return new Dpo(beta, 0, LossType.SIGMOID);
    }

    @Override
    public List<Field> inputs(List<Field> ofData, List<Field> targets) {
        if (!areIds(ofData) || !areIds(targets)) {
            throw new InputException(
                    "dpo: expected ids of two texts [T] as inputs, prompt and chosen answer, prompt and rejected"
                            + " answer, and the next tokens of each as targets, received the inputs " + ofData
                            + " and the targets " + targets);
        }
        Field first = ofData.get(0);
        Field second = ofData.get(1);
        Field longer = second.shape().size(0) > first.shape().size(0) ? second : first;
        boolean alike = first.isRagged() == second.isRagged();
        if (!alike || !longer.isRagged() && !first.shape().equals(second.shape())) {
            throw new InputException("dpo: expected texts of varying lengths, or both of one length, received " + first
                    + " and " + second);
        }
        return List.of(new Field(INPUT, longer.spec(), longer.meaning()));
    }

    private static boolean areIds(List<Field> fields) {
        List<Field> real = fields.stream()
                .filter(field -> !(field.meaning() instanceof Meaning.Mask))
                .toList();
        return real.size() == 2
                && real.stream()
                        .allMatch(field ->
                                field.dtype() == DType.INT64 && field.shape().rank() == 1);
    }

    @Override
    public boolean needsReference() {
        return true;
    }

    @Override
    public boolean answersTargets() {
        return false;
    }

    @Override
    public Set<String> parts() {
        return Set.of(CHOSEN, REJECTED, ACCURACIES, MARGINS);
    }

    @Override
    public double[] weights(Batch batch, Device device) {
        return new double[] {
            batch.weights() == null
                    ? batch.size()
                    : Arrays.stream(batch.weights()).sum()
        };
    }

    @Override
    public Weighted of(TrainedModels models, Batch batch, Pass pass) {
        Answer chosen = Answer.of(models, batch, 0, pass);
        Answer rejected = Answer.of(models, batch, 1, pass);
        Tensor losses = lossType == LossType.IPO
                ? chosen.mean().sub(rejected.mean()).sub(1 / (2 * beta)).pow(2)
                : losses(chosen.gain().sub(rejected.gain()).mul(beta));
        double weight = weights(batch, models.device())[0];
        Tensor shares = shares(batch, weight).to(losses.device());
        Tensor first = chosen.gain().detach().mul(beta);
        Tensor second = rejected.gain().detach().mul(beta);
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put(CHOSEN, first.mul(shares).sum());
        parts.put(REJECTED, second.mul(shares).sum());
        parts.put(ACCURACIES, first.gt(second).to(DType.FLOAT32).mul(shares).sum());
        parts.put(MARGINS, first.sub(second).mul(shares).sum());
        return Weighted.mean(losses.mul(shares).sum(), weight, parts);
    }

    private Tensor losses(Tensor scaled) {
        if (lossType == LossType.HINGE) {
            return Functional.relu(scaled.neg().add(1));
        }
        Tensor right = Functional.logSigmoid(scaled).neg();
        if (labelSmoothing == 0) {
            return right;
        }
        Tensor wrong = Functional.logSigmoid(scaled.neg()).neg().mul(labelSmoothing);
        Tensor kept = right.mul(1 - labelSmoothing);
        return lossType == LossType.ROBUST ? kept.sub(wrong).div(1 - 2 * labelSmoothing) : kept.add(wrong);
    }

    /** What each pair counts of the mean. */
    private static Tensor shares(Batch batch, double all) {
        float[] shares = new float[batch.size()];
        for (int i = 0; i < shares.length; i++) {
            double counts = batch.weights() == null ? 1 : batch.weights()[i];
            shares[i] = all == 0 ? 0 : (float) (counts / all);
        }
        return Tensor.of(shares, Shape.of(shares.length));
    }

    /**
     * What the model says of the answers of a batch, beside the reference.
     *
     * @param gain sums over the tokens of {@code log p - log p_ref}, {@code [N]}
     * @param mean the same divided by the number of tokens
     */
    private record Answer(Tensor gain, Tensor mean) {
        /** @param which 0 for the chosen ones, 1 for the rejected ones */
        static Answer of(TrainedModels models, Batch batch, int which, Pass pass) {
            Tensors inputs = inputs(models.main(), batch, which);
            Column next = batch.targets().get(which);
            Tensor labels = next.tensor().to(models.device());
            Tensor gain = logProbabilities(models.main().forward(inputs, pass).main(), labels)
                    .sub(logProbabilities(models.reference(inputs).main(), labels));
            return new Answer(gain, gain.div(counts(next, batch.size()).to(gain.device())));
        }

        private static Tensors inputs(Model model, Batch batch, int which) {
            Column ids = batch.inputs().get(which);
            Map<String, Tensor> named = new LinkedHashMap<>();
            for (String name : model.inputs().names()) {
                named.put(name, name.equals(Masks.MASK) ? mask(batch, which) : ids.tensor());
            }
            return Tensors.of(named);
        }

        private static Tensor mask(Batch batch, int which) {
            return batch.sides().get(which).tensor();
        }

        /** Of all labels of a text that count, {@code [N]}. */
        private static Tensor logProbabilities(Tensor logits, Tensor labels) {
            if (logits.rank() != 3 || !logits.shape().without(2).equals(labels.shape())) {
                throw new ShapeException(
                        "the model's output", "logits " + labels.shape() + " by the vocabulary", logits.shape());
            }
            Tensor each = Functional.crossEntropyEach(
                    logits.reshape(labels.elements(), logits.size(2)),
                    labels.reshape(labels.elements()),
                    null,
                    TokenLoss.IGNORED,
                    0);
            return each.view(labels.shape().toArray()).sum(false, 1).neg();
        }

        private static Tensor counts(Column next, int rows) {
            long[] ids = next.longs();
            float[] counts = new float[rows];
            int steps = rows == 0 ? 0 : ids.length / rows;
            for (int i = 0; i < ids.length; i++) {
                counts[i / steps] += ids[i] == TokenLoss.IGNORED ? 0 : 1;
            }
            for (int i = 0; i < rows; i++) {
                counts[i] = Math.max(1, counts[i]);
            }
            return Tensor.of(counts, Shape.of(rows));
        }
    }
}

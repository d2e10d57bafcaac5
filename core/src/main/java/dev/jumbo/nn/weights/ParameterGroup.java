package dev.jumbo.nn.weights;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Parameters that are trained in a way of their own, or not at all; as PyTorch's {@code param_groups} and {@code
 * requires_grad_(False)}.
 *
 * <p>In a frozen group, normalisation over batches runs as in inference and leaves its running statistics alone, as Keras's
 * with {@code trainable = False}.
 *
 * @param parameters which, see {@link NamePattern}
 * @param learningRate base learning rate, above 0, from which the schedule starts; null for that of the training
 * @param learningRateScale instead: this times that of the training, 0 or more
 * @param weightDecay of the optimizer, 0 or more; null for the optimizer's own
 * @param frozen whether they are not trained: no gradient, no state of the optimizer
 * @param storage type of frozen values in memory
 * @param groupSize values of a row that share a scale in int8 and int4, see {@link Storage#group}; null for one scale a row
 */
public record ParameterGroup(
        @Doc(
                "Which: a pattern of names such as layers.0.*, the path of a layer for all below it, or regex: and a regular"
                        + " expression. The first group that matches a parameter has it.")
        String parameters,

        @Doc("Their base learning rate; by default that of the training.") @Default("null") @Nullable
        Double learningRate,

        @Doc("Their learning rate as a multiple of that of the training.") @Default("1.0")
        double learningRateScale,

        @Doc("Their weight decay; by default the optimizer's.") @Default("null") @Nullable
        Double weightDecay,

        @Doc("Whether they are not trained: no gradients, no state of the optimizer.") @Default("false")
        boolean frozen,

        @Doc("How frozen values lie in memory: fp32, bf16, int8 or int4 with a scale for each row.") @Default("fp32")
        Storage storage,

        @Doc("Values of a row that share a scale in int8 and int4, 2 or more; one scale a row if null.")
        @Default("null")
        @Nullable
        Integer groupSize) {
    /** All parameters, by the settings of the training. */
    public static final ParameterGroup DEFAULT = new ParameterGroup("*", null, 1, null, false, Storage.FP32);

    /** With one scale a row. */
    public ParameterGroup(
            String parameters,
            @Nullable Double learningRate,
            double learningRateScale,
            @Nullable Double weightDecay,
            boolean frozen,
            Storage storage) {
        this(parameters, learningRate, learningRateScale, weightDecay, frozen, storage, null);
    }

    public ParameterGroup {
        NamePattern.of(parameters);
        String name = "parameter group \"" + parameters + "\": ";
        require(
                learningRate == null || (learningRate > 0 && Double.isFinite(learningRate)),
                name + "expected a learning_rate above 0 (frozen: true trains nothing), received " + learningRate);
        require(
                learningRateScale >= 0 && Double.isFinite(learningRateScale),
                name + "expected a learning_rate_scale of 0 or more, received " + learningRateScale);
        require(
                learningRate == null || learningRateScale == 1,
                name + "expected learning_rate or learning_rate_scale, received both");
        require(
                weightDecay == null || (weightDecay >= 0 && Double.isFinite(weightDecay)),
                name + "expected a weight_decay of 0 or more, received " + weightDecay);
        require(
                !frozen || (learningRate == null && learningRateScale == 1 && weightDecay == null),
                name
                        + "expected frozen: true alone, received a learning rate or weight decay too, which would do nothing");
        require(
                frozen || storage == Storage.FP32,
                name + "expected frozen: true with storage: "
                        + storage.name().toLowerCase(Locale.ROOT)
                        + ": parameters that are trained are kept in fp32");
        require(
                groupSize == null || (groupSize >= 2 && (storage == Storage.INT8 || storage == Storage.INT4)),
                name + "expected a group_size of 2 or more beside storage: int8 or int4, received " + groupSize);
    }

    /** Not trained. */
    public static ParameterGroup frozen(String parameters) {
        return frozen(parameters, Storage.FP32);
    }

    /** Not trained, with values of a type of their own. */
    public static ParameterGroup frozen(String parameters, Storage storage) {
        return new ParameterGroup(parameters, null, 1, null, true, storage);
    }

    /** Trained by a multiple of the learning rate. */
    public static ParameterGroup scaled(String parameters, double learningRateScale) {
        return new ParameterGroup(parameters, null, learningRateScale, null, false, Storage.FP32);
    }

    /** Trained by a learning rate of their own. */
    public static ParameterGroup of(String parameters, double learningRate) {
        return new ParameterGroup(parameters, learningRate, 1, null, false, Storage.FP32);
    }

    /** The same with a weight decay of its own. */
    public ParameterGroup weightDecay(double decay) {
        return new ParameterGroup(parameters, learningRate, learningRateScale, decay, frozen, storage, groupSize);
    }

    /** The same with scales for groups of values in a row. @param size null for one scale a row */
    public ParameterGroup groupSize(@Nullable Integer size) {
        return new ParameterGroup(parameters, learningRate, learningRateScale, weightDecay, frozen, storage, size);
    }

    /** Whether a name is one of the group. */
    public boolean matches(String name) {
        return NamePattern.of(parameters).matches(name);
    }

    /** The same, with its learning rate as a multiple of that of the training. */
    ParameterGroup relativeTo(double baseLearningRate) {
        if (learningRate == null) {
            return this;
        }
        require(
                baseLearningRate > 0,
                "parameter group \"" + parameters + "\": expected a learning rate of the training above 0 beside its"
                        + " learning_rate, received " + baseLearningRate);
        return new ParameterGroup(
                parameters, null, learningRate / baseLearningRate, weightDecay, frozen, storage, groupSize);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new InputException(otherwise);
        }
    }
}

package dev.jumbo.train.objective;

import dev.jumbo.config.ListsKinds;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Field;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.losses.RawOutputs;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a step of training makes small: {@code train.objective}. A record with a {@link dev.jumbo.config.Kind}, immutable: what it
 * is made of is in the file and in the checkpoint. {@link Supervised} is the usual one; one of a program's own is listed by a {@link
 * dev.jumbo.config.KindProvider}.
 *
 * <pre>{@code
 * @Kind("autoencoder")
 * public record AutoEncoder() implements Objective {
 *     public Weighted of(TrainedModels models, Batch batch, Pass pass) {
 *         Tensor x = batch.tensors().main().to(models.device());
 *         Tensor squares = models.main().forward(x, pass).sub(x).pow(2).sum();
 *         return Weighted.sum(squares, batch.size());
 *     }
 * }
 * }</pre>
 */
public interface Objective {
    /** Those that files may name. */
    @ListsKinds
    static List<Class<? extends Objective>> kinds() {
        return List.of(
                Supervised.class, CausalLm.class, MaskedLm.class, SpanCorruption.class, Seq2SeqLm.class, Dpo.class);
    }

    /**
     * Forward passes and loss of a batch that has at least one example. In training, gradients are recorded; random numbers
     * ({@code Tensor.randn}) come from the thread's generator, which is seeded for each step, so that a resumed run draws the same.
     *
     * @param batch in plain arrays
     * @param pass to be handed to the models: whether it belongs to training
     */
    Weighted of(TrainedModels models, Batch batch, Pass pass);

    /**
     * What the model is given: the data's inputs, unless the objective makes others of them, such as those of a decoder.
     *
     * @param ofData as batches have them
     * @param targets of the data
     * @throws dev.jumbo.error.InputException if it cannot be made of them
     */
    default List<Field> inputs(List<Field> ofData, List<Field> targets) {
        return ofData;
    }

    /** As {@link #of}, where terms that count differently are added up: the loss is the sum of their means. */
    default List<Weighted> terms(TrainedModels models, Batch batch, Pass pass) {
        return List.of(of(models, batch, pass));
    }

    /** How many {@link #terms} there are. */
    default int termCount() {
        return 1;
    }

    /** The weights of the {@link #terms}, where the batch alone says them: then workers agree on them while they compute. Null where it does not. */
    default double @Nullable [] weights(Batch batch, Device device) {
        return null;
    }

    /** Whether each model passes once, from the batch to the loss: then the first layers' gradients may be computed in another way. */
    default boolean passesOnce() {
        return false;
    }

    /** Whether it compares with the model as training began, {@link TrainedModels#reference}: then that stays in memory, unless adapters can be left out. */
    default boolean needsReference() {
        return false;
    }

    /**
     * Names of the data's targets that metrics compare the outputs of the terms with, in the order of the terms; of the first target
     * alone, if it does not say.
     */
    default List<String> measured() {
        return List.of();
    }

    /** Whether outputs of its terms answer targets of the data, so that metrics may compare them. */
    default boolean answersTargets() {
        return true;
    }

    /** Names of the {@link Weighted#parts}, so that settings such as {@code monitor} may watch them. */
    default Set<String> parts() {
        return Set.of();
    }

    /**
     * What the outputs of the model that answers are, in their order: numbers, unless it says otherwise.
     *
     * @param outputs of the model
     * @param targets of the data
     */
    default List<Field> answers(Specs outputs, List<Field> targets) {
        List<Field> fields = new ArrayList<>();
        outputs.byName()
                .forEach((name, spec) ->
                        fields.add(Field.floats(name.equals(Specs.MAIN) ? "output" : name, spec.shape())));
        return fields;
    }

    /** The loss that says what an output means to a user, as softmax for classes; outputs are numbers, unless it says otherwise. */
    default Loss answer(int output) {
        return new RawOutputs();
    }
}

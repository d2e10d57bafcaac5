package dev.jumbo.train;

import java.util.Map;

/** Something that happens beside training: logs, stopping, saving. Called on the training thread, in the order of registration. */
public interface Callback {
    /** Before the first step. */
    default void onStart(TrainingState state) {}

    /** After an optimizer step. */
    default void onStep(TrainingState state) {}

    /** After an epoch and its validation. @param metrics name to value: {@code loss}, {@code accuracy}, {@code val_loss}, {@code val_accuracy}, {@code learning_rate} */
    default void onEpoch(TrainingState state, Map<String, Double> metrics) {}

    /** After the last epoch, when training ends normally or by {@link TrainingState#stop}. */
    default void onEnd(TrainingState state) {}
}

package dev.jumbo.train.callbacks;

import java.util.Map;

/** Something that happens beside training: logs, stopping, saving. Called on the training thread, in the order of registration. */
public interface Callback extends AutoCloseable {
    /**
     * Whether only the first of several workers has it: for what writes files or shows progress. What decides something,
     * such as when to stop, is on all of them; they see the same figures.
     */
    default boolean onFirstWorkerOnly() {
        return false;
    }

    /** Whether it shows people how training goes; where none does, the first worker logs a line for each epoch (INFO). */
    default boolean showsProgress() {
        return false;
    }

    /** Before the first step. */
    default void onStart(TrainingState state) {}

    /** After an optimizer step. */
    default void onStep(TrainingState state) {}

    /** After an epoch and its validation. @param metrics name to value: {@code loss}, {@code accuracy}, {@code val_loss}, {@code val_accuracy}, {@code learning_rate} */
    default void onEpoch(TrainingState state, Map<String, Double> metrics) {}

    /** After the last epoch, when training ends normally or by {@link TrainingState#stop}. */
    default void onEnd(TrainingState state) {}

    /** What has to survive a resume, by name: saved in each checkpoint. */
    default Map<String, Double> state() {
        return Map.of();
    }

    /** Takes back what {@link #state} gave, before {@link #onStart}. */
    default void load(Map<String, Double> state) {}

    /** Gives back files and the like. Called once, last, however training ended: also after an error, when {@link #onEnd} is not. */
    @Override
    default void close() {}
}

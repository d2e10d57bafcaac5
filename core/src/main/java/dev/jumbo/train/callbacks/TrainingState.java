package dev.jumbo.train.callbacks;

import dev.jumbo.nn.Model;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What callbacks see of a running training. */
public interface TrainingState {
    /** Steps of the optimizer done so far, over all epochs. */
    long step();

    /** Steps that all epochs would take. */
    long totalSteps();

    /** The current epoch, from 0. */
    int epoch();

    int epochs();

    /** Optimizer steps of one epoch. */
    int stepsPerEpoch();

    /** Optimizer steps of the current epoch that are still to be done. */
    default int stepsLeft() {
        return Math.toIntExact(Math.max(0, (epoch() + 1L) * stepsPerEpoch() - step()));
    }

    /** The loss of the step that was just done. */
    double loss();

    /** The norm of the gradients of the step that was just done, before clipping; NaN where it was not asked for. */
    double gradientNorm();

    double learningRate();

    /** Examples seen since training started in this process. */
    long examples();

    /** Tokens of an example, where the input is one of ids; 0 elsewhere. */
    default long tokensPerExample() {
        return 0;
    }

    /** FLOPs of the forward and backward pass of one example: three times those of the forward pass; 0 where they are not known. */
    default double flopsPerExample() {
        return 0;
    }

    /** What all workers can do at most, in FLOP/s, where that was measured on this machine; 0 elsewhere. */
    default double peakFlops() {
        return 0;
    }

    /** Seconds since training started, those before a resume included. */
    double seconds();

    Model model();

    /** The directory of the run, or null where nothing is saved. */
    @Nullable
    Path directory();

    /**
     * Ends training after the current step, or the validation that is under way. Nothing is lost: where training stands is
     * saved, in the middle of an epoch too, and a resume goes on from there.
     *
     * @param reason for the log
     */
    void stop(String reason);

    /** Why training ends before its last epoch; null while nobody has asked for it. */
    default @Nullable String stopReason() {
        return null;
    }
}

package dev.jumbo.train;

import dev.jumbo.dist.Agreement;
import dev.jumbo.tensor.Scope;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who wants a training to end, and why: the training itself, by a callback, or somebody outside: {@link Trainer#stop}, a
 * signal, an interrupt. Any thread may ask; workers agree by adding up what each of them asks for.
 */
final class StopRequest {
    /** What a worker adds if somebody outside asks; far more than all workers that ask by themselves together. */
    private static final double OUTSIDE = 1 << 20;

    private volatile @Nullable String reason;
    private volatile boolean outside;
    private boolean interrupted;
    private double agreed;

    /** Asks from within: all workers see the same figures, so all of them do. */
    void fromWithin(String why) {
        if (reason == null) {
            reason = why;
        }
    }

    /** Asks from outside, of one worker perhaps. */
    void fromOutside(String why) {
        reason = why;
        outside = true;
    }

    /** Asks, if the thread was interrupted; its status is cleared, so that files can be written, until {@link #passOnInterrupt}. */
    boolean noticeInterrupt() {
        if (!Thread.interrupted()) {
            return false;
        }
        interrupted = true;
        fromOutside("its thread was interrupted");
        return true;
    }

    /** Does something that an interrupt may break, as it closes files that are read: does it again then. */
    <T> T uninterrupted(Supplier<T> work) {
        while (true) {
            noticeInterrupt();
            try {
                return work.get();
            } catch (RuntimeException e) {
                if (!noticeInterrupt()) {
                    throw e;
                }
            }
        }
    }

    /** Gives the thread its status back. */
    void passOnInterrupt() {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** What this worker adds. */
    double value() {
        return reason == null ? 0 : outside ? OUTSIDE : 1;
    }

    /** Takes what all workers add up to. */
    void agree(double sum) {
        agreed = sum;
        if (reason == null && isOutside()) {
            reason = "another worker was told to stop";
        }
    }

    /** Asks all workers. */
    void agree(Agreement agreement) {
        try (Scope scope = Scope.open()) {
            agree(agreement.sum(value()).await()[0]);
        }
    }

    boolean isAgreed() {
        return agreed > 0;
    }

    /** Whether all know that somebody outside asks, who may not wait long. */
    boolean isOutside() {
        return agreed >= OUTSIDE;
    }

    @Nullable
    String reason() {
        return reason;
    }
}

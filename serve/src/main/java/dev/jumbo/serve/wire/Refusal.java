package dev.jumbo.serve.wire;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Why a well-formed request is not answered, in words for the caller; each protocol has a status for each {@link Reason}. What is wrong
 * with the request itself is an {@link dev.jumbo.error.InputException}.
 */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The kinds of refusal. */
    public enum Reason {
        /** No such model or version. */
        NOT_FOUND,
        /** The caller is not known. */
        UNAUTHENTICATED,
        /** The caller is known, and may not do this. */
        FORBIDDEN,
        /** The caller has used up its quota; {@link Refusal#retryAfter} says until when. */
        QUOTA,
        /** The server is full, not ready or stopping: another one, or this one later, may answer. */
        UNAVAILABLE,
        /** The request takes more than this server gives to one. */
        TOO_LARGE,
        /** No answer by the deadline. */
        DEADLINE,
        /** Another call has undone it meanwhile. */
        CONFLICT,
        /** Nothing that this server does. */
        UNSUPPORTED
    }

    private final Reason reason;
    private final Duration retryAfter;
    private final transient @Nullable BooleanSupplier still;

    public Refusal(Reason reason, String message) {
        this(reason, message, Duration.ofSeconds(1));
    }

    /** @param retryAfter when it is worth asking again, for {@link Reason#QUOTA} and {@link Reason#UNAVAILABLE} */
    public Refusal(Reason reason, String message, Duration retryAfter) {
        this(reason, message, retryAfter, null);
    }

    /** @param still whether a request like it would be refused for the same reason now; null where nobody knows without looking */
    public Refusal(Reason reason, String message, Duration retryAfter, @Nullable BooleanSupplier still) {
        // No stack trace: refusing must be cheap when a server is full.
        super(message, null, false, false);
        this.reason = reason;
        this.retryAfter = retryAfter;
        this.still = still;
    }

    public Reason reason() {
        return reason;
    }

    public Duration retryAfter() {
        return retryAfter;
    }

    /** Says in some nanoseconds, on any thread, whether a request like it would be refused for the same reason now; null where nobody can. */
    public @Nullable BooleanSupplier still() {
        return still;
    }
}

package dev.jumbo.serve.schedule;

import dev.jumbo.serve.repository.settings.BatchingSettings;
import dev.jumbo.serve.wire.Refusal;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * On what terms a request is made.
 *
 * @param caller who asks, for fairness, quotas and the log: the name of a token, or an address; never a secret
 * @param deadline by when the answer is worth something, as of {@link System#nanoTime}
 * @param gone whether the caller no longer waits; asked now and then while the request waits
 * @param priority which requests go first
 * @param bytes of the body, by which the memory is counted that decoding takes; {@link #UNKNOWN} where nobody counted
 * @param key what the caller calls the request, by which a canary gets its share; null if it has no name
 * @param times who is told how long it waited and was computed
 */
public record Terms(
        String caller,
        long deadline,
        BooleanSupplier gone,
        Priority priority,
        long bytes,
        @Nullable String key,
        Times times) {
    /** Is told how a request spends its time. */
    @FunctionalInterface
    public interface Times {
        Times UNTOLD = (waited, computed) -> {};

        /** All of it has been computed. @param waited nanoseconds in queues */
        void spent(long waited, ComputeTimes computed);

        /** It is answered by this version. */
        default void by(String model, String version) {}
    }

    /** Who asks where a server warms itself up: nothing of it is counted. */
    public static final String WARM_UP = "(warm-up)";

    /** Who asks the stable version what a canary was asked: that is counted once, for the canary, and callers' turns are their own. */
    static final String COMPARISON = "(comparison)";

    /** A body of unknown length is decoded beside the event loops, as a long one is. */
    public static final long UNKNOWN = -1;

    private static final int LONGEST_KEY = 256;

    /** Of the usual priority. */
    public Terms(String caller, long deadline, BooleanSupplier gone) {
        this(caller, deadline, gone, Times.UNTOLD);
    }

    /** Of the usual priority, and somebody is told of its times. */
    public Terms(String caller, long deadline, BooleanSupplier gone, Times times) {
        this(caller, deadline, gone, Priority.NORMAL, UNKNOWN, null, times);
    }

    /** The same for a body of so many bytes. */
    public Terms withBytes(long counted) {
        return new Terms(caller, deadline, gone, priority, counted, key, times);
    }

    /** The same for a request that has a name; one that is too long is none. */
    public Terms withKey(@Nullable String name) {
        boolean fits = name != null && !name.isEmpty() && name.length() <= LONGEST_KEY;
        return new Terms(caller, deadline, gone, priority, bytes, fits ? name : null, times);
    }

    /** The same, and somebody else is told of its times. */
    Terms with(Times told) {
        return new Terms(caller, deadline, gone, priority, bytes, key, told);
    }

    /** The same, more or less urgent. */
    public Terms withPriority(Priority given) {
        return new Terms(caller, deadline, gone, given, bytes, key, times);
    }

    /** The same with an earlier deadline; a later one changes nothing. @param other as of {@link System#nanoTime} */
    public Terms by(long other) {
        return new Terms(caller, other - deadline < 0 ? other : deadline, gone, priority, bytes, key, times);
    }

    /** Whether somebody asks who is not the server itself. */
    boolean isCounted() {
        return !caller.equals(WARM_UP) && !caller.equals(COMPARISON);
    }

    /** Those of a request to a model for which other things hold than for all. @param came when, as of {@link System#nanoTime} */
    Terms of(BatchingSettings batching, long came) {
        Terms usual =
                batching.priority() == BatchingSettings.NORMAL ? this : withPriority(Priority.of(batching.priority()));
        Double seconds = batching.timeoutSeconds();
        return seconds == null ? usual : usual.by(came + (long) (seconds * 1e9));
    }

    /** Whether the answer would come too late, or nobody waits for it. */
    boolean isOver(long now) {
        return now - deadline > 0 || gone.getAsBoolean();
    }

    /** Why there is no answer where {@link #isOver}: it is late, or whoever asked has gone. */
    RuntimeException over(long now) {
        return now - deadline > 0 ? late() : new CancellationException("the caller has gone");
    }

    static Refusal late() {
        return new Refusal(Refusal.Reason.DEADLINE, "no answer in time; try again later");
    }
}

package dev.jumbo.serve.schedule;

import dev.jumbo.serve.model.ServedModel;
import org.jspecify.annotations.Nullable;

/**
 * What the scheduler does, for metrics and statistics: told before the caller gets its answer. Called on threads that have work to do: be
 * quick.
 */
public interface Activity {
    /** Nobody listens. */
    Activity NONE = new Activity() {};

    /** A batch was computed. @param requests parts of requests in it */
    default void computed(ServedModel model, int requests, int rows, long nanos) {}

    /** A part of a request has waited so long for its batch. */
    default void waited(ServedModel model, long nanos) {}

    /** A request was refused, as there is no place or no time for it. */
    default void refused(ServedModel model) {}

    /** A request to a version was answered, or failed. @param nanos since it came */
    default void answered(ServedModel model, long nanos, @Nullable Throwable failure) {}
}

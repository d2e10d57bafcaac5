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

    /** A batch was computed that somebody had asked for. @param rows of all requests in it */
    default void computed(ServedModel model, int rows, ComputeTimes times) {}

    /** A request to a version was answered, or failed. @param failure null if it was answered */
    default void answered(ServedModel model, Spent spent, @Nullable Throwable failure) {}
}

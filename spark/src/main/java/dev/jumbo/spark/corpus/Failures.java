package dev.jumbo.spark.corpus;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.JumboException;
import java.util.Optional;

/** What went wrong in a task, without what Spark wraps around it. */
public final class Failures {
    private Failures() {}

    public static RuntimeException of(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof JumboException known) {
                return known;
            }
        }
        String message = Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
        return new FailureException(
                "Spark could not do the work: " + message.lines().findFirst().orElse(""), e);
    }
}

package dev.jumbo.serve.schedule;

import dev.jumbo.error.InputException;
import dev.jumbo.serve.repository.Shadow;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a canary was asked, asked of the stable version too: when the canary has answered, with the least urgency, so that nobody waits
 * for it and a full server leaves it out.
 */
final class Comparison {
    private static final Logger LOG = LoggerFactory.getLogger(Comparison.class);
    private static final long NANOS = TimeUnit.SECONDS.toNanos(10);

    private final Shadow shadow;
    private volatile @Nullable List<float[]> byCanary;

    Comparison(Shadow shadow) {
        this.shadow = shadow;
    }

    /** What the canary computed. */
    void computed(List<float[]> outputs) {
        byCanary = outputs;
    }

    /**
     * The canary's request has ended.
     *
     * @param error null if it was answered
     * @param stable asks the stable version
     */
    void ended(@Nullable Throwable error, Terms terms, Function<Terms, CompletableFuture<List<float[]>>> stable) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        List<float[]> answer = byCanary;
        if (cause == null ? answer == null : !(cause instanceof InputException)) {
            shadow.close();
            return;
        }
        Terms patient = new Terms(Terms.COMPARISON, System.nanoTime() + NANOS, () -> false)
                .withPriority(Priority.LOW)
                .withBytes(terms.bytes());
        try {
            stable.apply(patient).whenComplete((outputs, failed) -> {
                if (failed == null && cause == null && answer != null) {
                    shadow.compare(answer, outputs);
                } else if (failed == null) {
                    shadow.refusedAlone();
                }
                shadow.close();
            });
        } catch (RuntimeException e) { // no place for it, which is nobody's loss
            LOG.debug("a request of a canary was not compared: {}", e.getMessage());
            shadow.close();
        }
    }
}

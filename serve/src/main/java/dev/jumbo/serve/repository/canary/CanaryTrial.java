package dev.jumbo.serve.repository.canary;

import dev.jumbo.error.InputException;
import dev.jumbo.serve.repository.settings.CanarySettings;
import dev.jumbo.serve.wire.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a canary and of the stable version beside it, counted from the moment when the canary is given any. Says once that it is
 * to be rolled back, and why, or promoted. Safe for several threads.
 */
public final class CanaryTrial {
    /** Fewer slow requests than this do not make a 99th percentile. */
    private static final int ENOUGH_FOR_P99 = 100;

    private static final double SLOW = 0.01;

    private final CanarySettings settings;
    private final BiConsumer<CanaryTrial, Verdict> told;
    private final Tally canary = new Tally();
    private final Tally stable = new Tally();
    private final LongAdder compared = new LongAdder();
    private final LongAdder disagreed = new LongAdder();
    private final LongAdder asked = new LongAdder();
    private final AtomicBoolean over = new AtomicBoolean();

    /**
     * What has come of it.
     *
     * @param promoted whether it takes over; otherwise it is rolled back
     * @param reason with the figures
     */
    public record Verdict(boolean promoted, String reason) {}

    /** Figures so far. */
    public record Figures(
            long canaryRequests,
            long canaryErrors,
            double canaryP99Seconds,
            long stableRequests,
            long stableErrors,
            double stableP99Seconds,
            long compared,
            long disagreed) {}

    /** @param told called once, on the thread of a request */
    public CanaryTrial(CanarySettings settings, BiConsumer<CanaryTrial, Verdict> told) {
        this.settings = settings;
        this.told = told;
    }

    public CanarySettings settings() {
        return settings;
    }

    /**
     * Whether a request goes to the canary.
     *
     * Requests of one name, or all of one caller, go to one version, and stay with the canary when its weight grows; others are drawn.
     *
     * @param caller null if that is not known
     * @param request null if it has no name
     */
    public boolean takes(@Nullable String caller, @Nullable String request) {
        String key = settings.by() == CanarySettings.By.CALLER ? caller : request;
        if (key == null) {
            return ThreadLocalRandom.current().nextDouble() < settings.weight();
        }
        // Mixes the bits: texts that differ in their end have hashes that do too little.
        long mixed = (key.hashCode() + 0x9E3779B97F4A7C15L) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return (mixed >>> 40) < settings.weight() * (1 << 24);
    }

    /** Whether this request of the canary is also asked of the stable version; the share of the settings, evenly. */
    public boolean asksStable() {
        asked.increment();
        long n = asked.sum();
        return Math.floor(n * settings.shadow()) > Math.floor((n - 1) * settings.shadow());
    }

    /** An answer, or none. @param error null if it was answered */
    public void ended(boolean byCanary, long nanos, @Nullable Throwable error) {
        Tally tally = byCanary ? canary : stable;
        if (isCallers(error)) {
            return;
        }
        tally.requests.increment();
        tally.latencies.add(nanos);
        if (error != null) {
            tally.errors.increment();
        }
        if (byCanary) {
            judge();
        }
    }

    /** The canary refused what the stable version answers. */
    public void refusedAlone() {
        canary.requests.increment();
        canary.errors.increment();
        judge();
    }

    /** What the caller did, or what the server as a whole could not do, says nothing of a version. */
    private static boolean isCallers(@Nullable Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof InputException || cause instanceof Refusal || cause instanceof CancellationException;
    }

    /** Answers to one request. */
    public void compare(List<float[]> byCanary, List<float[]> byStable) {
        compared.increment();
        if (!agree(byCanary, byStable)) {
            disagreed.increment();
        }
        judge();
    }

    private boolean agree(List<float[]> left, List<float[]> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int output = 0; output < left.size(); output++) {
            float[] a = left.get(output);
            float[] b = right.get(output);
            if (a.length != b.length) {
                return false;
            }
            double largest = 0;
            for (float value : b) {
                largest = Math.max(largest, Math.abs(value));
            }
            for (int i = 0; i < a.length; i++) {
                // Not (x > y): a number that is none is no agreement.
                if (!(Math.abs(a[i] - b[i]) <= settings.tolerance() * Math.max(1, largest))) {
                    return false;
                }
            }
        }
        return true;
    }

    private void judge() {
        long requests = canary.requests.sum();
        if (over.get() || requests < settings.minRequests()) {
            return;
        }
        String against = against();
        if (against != null) {
            say(new Verdict(false, against));
        } else if (settings.promoteAfter() != null && requests - canary.errors.sum() >= settings.promoteAfter()) {
            say(new Verdict(true, String.format(Locale.ROOT, "%d good requests", requests - canary.errors.sum())));
        }
    }

    private @Nullable String against() {
        if (canary.errorRate() > stable.errorRate() + settings.maxErrors()) {
            return String.format(
                    Locale.ROOT,
                    "errors in %.2f %% of %d requests, the stable version's in %.2f %% of %d; %.2f %% more are allowed",
                    100 * canary.errorRate(),
                    canary.requests.sum(),
                    100 * stable.errorRate(),
                    stable.requests.sum(),
                    100 * settings.maxErrors());
        }
        double usual = stable.latencies.quantile(0.99);
        double limit = Math.max(usual * settings.maxLatency(), usual + settings.latencyMarginMs() / 1e3);
        long requests = canary.requests.sum();
        long slow = canary.latencies.above(limit);
        // One in a hundred may be slower. As chance has it some more are: three deviations of their number are let
        // pass.
        double allowed = requests * SLOW + 3 * Math.sqrt(requests * SLOW) + 1;
        if (stable.requests.sum() >= ENOUGH_FOR_P99 && slow > allowed) {
            return String.format(
                    Locale.ROOT,
                    "%d of %d requests took more than %.2f ms; 99 of 100 of the stable version's take up to %.2f ms",
                    slow,
                    requests,
                    1e3 * limit,
                    1e3 * usual);
        }
        long of = compared.sum();
        double share = of == 0 ? 0 : (double) disagreed.sum() / of;
        if (of >= settings.minCompared() && share > settings.maxDisagreement()) {
            return String.format(
                    Locale.ROOT,
                    "%.1f %% of %d answers differ from the stable version's by more than %s; %.1f %% are allowed",
                    100 * share,
                    of,
                    settings.tolerance(),
                    100 * settings.maxDisagreement());
        }
        return null;
    }

    private void say(Verdict verdict) {
        if (over.compareAndSet(false, true)) {
            told.accept(this, verdict);
        }
    }

    /** What has been counted. */
    public Figures figures() {
        return new Figures(
                canary.requests.sum(),
                canary.errors.sum(),
                canary.latencies.quantile(0.99),
                stable.requests.sum(),
                stable.errors.sum(),
                stable.latencies.quantile(0.99),
                compared.sum(),
                disagreed.sum());
    }
}

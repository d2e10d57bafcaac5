package dev.jumbo.serve.access;

import dev.jumbo.serve.wire.Refusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What each caller uses, against its {@link Allowance}. Callers without one cost nothing; of those with one the last seen are remembered. */
final class Quotas {
    private static final int CALLERS = 10_000;

    /** What one caller uses. A caller whose quota was changed begins anew. */
    private static final class Use {
        final Allowance quota;
        final @Nullable Bucket requests;
        final @Nullable Bucket rows;
        int running;

        Use(Allowance quota, long now) {
            this.quota = quota;
            requests = bucket(quota.requestsPerSecond(), now);
            rows = bucket(quota.rowsPerSecond(), now);
        }

        private static @Nullable Bucket bucket(double perSecond, long now) {
            return perSecond == 0 ? null : new Bucket(perSecond, Math.max(1, perSecond), now);
        }
    }

    private final LongSupplier clock;
    private final Map<String, Use> callers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Use> eldest) {
            return size() > CALLERS;
        }
    };

    Quotas(LongSupplier clock) {
        this.clock = clock;
    }

    /**
     * Lets a request in.
     *
     * @return to be run once, when the request has been answered
     * @throws Refusal QUOTA
     */
    Runnable admit(Caller caller) {
        if (caller.quota().equals(Allowance.NONE)) {
            return () -> {};
        }
        Use use = use(caller);
        synchronized (use) {
            int most = use.quota.concurrent();
            if (most > 0 && use.running >= most) {
                throw over(most + " requests at once", Duration.ofSeconds(1));
            }
            if (use.requests != null) {
                Duration wait = use.requests.take(1, clock.getAsLong());
                if (!wait.isZero()) {
                    throw over(number(use.quota.requestsPerSecond()) + " requests a second", wait);
                }
            }
            use.running++;
        }
        return () -> {
            synchronized (use) {
                use.running--;
            }
        };
    }

    /**
     * Counts the rows of a request that has been let in.
     *
     * @param caller the name of one who was let in
     * @throws Refusal QUOTA, and nothing is counted
     */
    void rows(String caller, long rows) {
        Use use;
        synchronized (callers) {
            use = callers.get(caller);
        }
        if (use == null) {
            return; // without a quota
        }
        Duration wait = use.rows == null ? Duration.ZERO : use.rows.take((double) rows, clock.getAsLong());
        if (!wait.isZero()) {
            throw over(number(use.quota.rowsPerSecond()) + " rows a second", wait);
        }
    }

    private Use use(Caller caller) {
        synchronized (callers) {
            Use use = callers.get(caller.name());
            if (use == null || !use.quota.equals(caller.quota())) {
                use = new Use(caller.quota(), clock.getAsLong());
                callers.put(caller.name(), use);
            }
            return use;
        }
    }

    private static Refusal over(String quota, Duration wait) {
        return new Refusal(Refusal.Reason.QUOTA, "over this caller's quota of " + quota + "; try again later", wait);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}

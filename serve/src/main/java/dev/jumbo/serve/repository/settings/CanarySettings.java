package dev.jumbo.serve.repository.settings;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.repository.disk.VersionNames;
import org.jspecify.annotations.Nullable;

/**
 * A version that is given a share of the requests which name none, and is rolled back by itself.
 *
 * @param promoteAfter null to wait for an operator
 */
@Doc("A version that is given a share of the requests, and is rolled back if it does worse than the others' one.")
public record CanarySettings(
        @Doc("Its name, as a text.") String version,

        @Doc("The share of the requests that name no version, from 0 to 1.") @Default("0.05")
        double weight,

        @Doc("Requests until anything is decided.") @Default("100")
        int minRequests,

        @Doc("How much larger its share of errors may be than the stable version's; mistakes of callers do not count.")
        @Default("0.01")
        double maxErrors,

        @Doc("How many times as long as the stable version's its 99th percentile may be.") @Default("1.5")
        double maxLatency,

        @Doc("Milliseconds by which the 99th percentile may be longer in any case.") @Default("5.0")
        double latencyMarginMs,

        @Doc("The share of its requests that the stable version is asked too, to compare; nobody waits for that.")
        @Default("0.05")
        double shadow,

        @Doc("How far answers may be apart to count as the same, as a share of the largest value or of 1.")
        @Default("0.1")
        double tolerance,

        @Doc("The share of compared answers that may be further apart.") @Default("0.1")
        double maxDisagreement,

        @Doc("Compared answers until anything is decided by them.") @Default("20")
        int minCompared,

        @Doc("Good requests after which it takes over; by default an operator promotes it.") @Default("null") @Nullable
        Long promoteAfter,

        @Doc(
                "What stays with one version: a request of one name (the header X-Request-Id), or a caller with all that it asks.")
        @Default("request")
        By by) {
    /** By what requests are divided. */
    public enum By {
        /** Its name; one without is drawn. */
        REQUEST,
        /** The name of a token, or the address. */
        CALLER
    }

    public CanarySettings {
        require(VersionNames.isName(version), "version", "the name of a version", version);
        require(weight >= 0 && weight <= 1, "weight", "0 to 1", weight);
        require(minRequests >= 1, "min_requests", "1 or more", minRequests);
        require(maxErrors >= 0 && maxErrors <= 1, "max_errors", "0 to 1", maxErrors);
        require(maxLatency >= 1, "max_latency", "1 or more", maxLatency);
        require(latencyMarginMs >= 0, "latency_margin_ms", "0 or more", latencyMarginMs);
        require(shadow >= 0 && shadow <= 1, "shadow", "0 to 1", shadow);
        require(tolerance >= 0, "tolerance", "0 or more", tolerance);
        require(maxDisagreement >= 0 && maxDisagreement <= 1, "max_disagreement", "0 to 1", maxDisagreement);
        require(minCompared >= 1, "min_compared", "1 or more", minCompared);
        require(promoteAfter == null || promoteAfter >= 1, "promote_after", "1 or more", promoteAfter);
    }

    /** With the defaults of everything else. */
    public static CanarySettings of(String version, double weight) {
        return new CanarySettings(version, weight, 100, 0.01, 1.5, 5, 0.05, 0.1, 0.1, 20, null, By.REQUEST);
    }

    private static void require(boolean right, String key, String expected, @Nullable Object received) {
        if (!right) {
            throw new InputException("canary." + key + ": expected " + expected + ", received " + received);
        }
    }
}

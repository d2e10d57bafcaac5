package dev.jumbo.serve.access;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;

/**
 * What one caller may use. A rate is a bucket that holds one second's worth (at least 1) and fills evenly: that much may come at once.
 *
 * @param requestsPerSecond 0 for no limit
 * @param rowsPerSecond 0 for no limit; a request of more rows than a second's worth waits for a full bucket and leaves it in debt
 * @param concurrent requests in flight, 0 for no limit
 */
@Doc("What one caller may use; 429 beyond. 0 is no limit.")
public record Allowance(
        @Doc("Requests a second.") @Default("0") double requestsPerSecond,
        @Doc("Rows a second.") @Default("0") double rowsPerSecond,
        @Doc("Requests in flight.") @Default("0") int concurrent) {
    public static final Allowance NONE = new Allowance(0, 0, 0);

    public Allowance {
        require(requestsPerSecond, "requests_per_second");
        require(rowsPerSecond, "rows_per_second");
        require(concurrent, "concurrent");
    }

    private static void require(double value, String key) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new InputException("quota." + key + ": expected 0 (no limit) or more, received "
                    + (Math.abs(value) < 1e15 && value == Math.rint(value)
                            ? Long.toString((long) value)
                            : Double.toString(value)));
        }
    }
}

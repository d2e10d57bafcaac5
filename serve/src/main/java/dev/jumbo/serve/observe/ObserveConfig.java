package dev.jumbo.serve.observe;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import org.jspecify.annotations.Nullable;

/** What a running server tells about itself. */
@Doc("What a running server tells about itself.")
public record ObserveConfig(
        @Doc("One line for each request to the log dev.jumbo.serve.requests, without its content: off, text or json.")
        @Default("off")
        LogFormat requestLog,

        @Doc("The share of requests that get a line; those that fail always do.") @Default("1")
        double sample,

        @Doc("Whether GET /metrics answers.") @Default("true")
        boolean metrics,

        @Doc("Where spans of requests are sent; without it nowhere.") @Default("null") @Nullable
        TracesConfig traces) {
    public static final ObserveConfig DEFAULT = new ObserveConfig(LogFormat.OFF, 1, true);

    /** Without traces. */
    public ObserveConfig(LogFormat requestLog, double sample, boolean metrics) {
        this(requestLog, sample, metrics, null);
    }

    /** With spans sent to a collector. */
    public ObserveConfig with(TracesConfig collector) {
        return new ObserveConfig(requestLog, sample, metrics, collector);
    }

    public ObserveConfig {
        if (!(sample >= 0 && sample <= 1)) {
            throw new InputException("serve.observe.sample: expected 0 to 1, received " + sample);
        }
    }
}

package dev.jumbo.serve.observe;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;

/** What a running server tells about itself. */
@Doc("What a running server tells about itself.")
public record ObserveConfig(
        @Doc("One line for each request to the log dev.jumbo.serve.requests, without its content: off, text or json.")
        @Default("off")
        LogFormat requestLog,

        @Doc("The share of requests that get a line; those that fail always do.") @Default("1")
        double sample,

        @Doc("Whether GET /metrics answers.") @Default("true")
        boolean metrics) {
    public static final ObserveConfig DEFAULT = new ObserveConfig(LogFormat.OFF, 1, true);

    public ObserveConfig {
        if (!(sample >= 0 && sample <= 1)) {
            throw new InputException("serve.observe.sample: expected 0 to 1, received " + sample);
        }
    }
}

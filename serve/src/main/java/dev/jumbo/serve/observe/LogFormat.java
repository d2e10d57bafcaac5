package dev.jumbo.serve.observe;

/** How a line for a request is written. */
public enum LogFormat {
    /** Not at all. */
    OFF,
    /** {@code key=value}, between blanks. */
    TEXT,
    /** One JSON object. */
    JSON
}

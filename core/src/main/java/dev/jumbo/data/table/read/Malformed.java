package dev.jumbo.data.table.read;

/**
 * A record that could not be read.
 *
 * @param line where it begins, from 1
 * @param reason as in {@code expected 3 fields, received 2}
 * @param text the record as it stands in the file; cut off where it is over the limit
 */
public record Malformed(long line, String reason, String text) {}

package dev.jumbo.data.clean;

import dev.jumbo.data.table.Table;

/**
 * The result of cleaning.
 *
 * @param table what is left, repaired
 * @param report what was done to it
 */
public record Cleaned(Table table, CleaningReport report) {}

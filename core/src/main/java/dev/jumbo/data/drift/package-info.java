/**
 * How far a second table has drifted from the first, column by column.
 *
 * <pre>{@code
 * Drift drift = Drift.between(trained, served, DriftLimits.usual());
 * System.err.println(drift.text());
 * }</pre>
 */
@NullMarked
package dev.jumbo.data.drift;

import org.jspecify.annotations.NullMarked;

/** Metrics on plain arrays, one file each; {@link dev.jumbo.train.metrics.Metrics} has a static factory for each. */
@NullMarked
package dev.jumbo.train.metrics;

import org.jspecify.annotations.NullMarked;

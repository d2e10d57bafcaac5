/**
 * How fast Jumbo is, beside the same work in Python: {@code benchmarks/run}.
 *
 * <p>Each program measures one thing in a process of its own and prints one JSON object: {@link
 * dev.jumbo.benchmarks.Article} the article's {@code fit}, {@link dev.jumbo.benchmarks.Step} the training step, {@link
 * dev.jumbo.benchmarks.Pipeline} what the data costs of it. {@code benchmarks/run} starts them in turn with their Python
 * twins, and {@link dev.jumbo.benchmarks.Report} makes medians and ratios of the lines.
 */
@NullMarked
package dev.jumbo.benchmarks;

import org.jspecify.annotations.NullMarked;

/**
 * Figures of texts beside their references: {@link dev.jumbo.train.metrics.text.Bleu}, {@link dev.jumbo.train.metrics.text.Chrf},
 * {@link dev.jumbo.train.metrics.text.Ter}, {@link dev.jumbo.train.metrics.text.Rouge}, exact match, F1 of tokens and of entities. Each
 * is a record with a {@link dev.jumbo.config.Kind}; {@link dev.jumbo.train.metrics.text.TextMetrics} has a factory for each, and measures
 * several at once with bootstrap intervals. No tensors.
 */
@NullMarked
package dev.jumbo.train.metrics.text;

import org.jspecify.annotations.NullMarked;

/**
 * What a model's outputs mean to a user. One {@link dev.jumbo.train.answer.Decoder} reads them for the command line, the
 * server and Java programs, by the rule that metrics have ({@link dev.jumbo.train.metrics.Predictions}).
 */
@NullMarked
package dev.jumbo.train.answer;

import org.jspecify.annotations.NullMarked;

/**
 * What may happen beside training, one file each: stopping early, guarding against a loss that is not finite, logs for
 * people ({@link dev.jumbo.train.callbacks.ProgressLog}), programs ({@link dev.jumbo.train.callbacks.JsonLinesLog}) and
 * TensorBoard ({@link dev.jumbo.train.callbacks.TensorBoardLog}).
 */
@NullMarked
package dev.jumbo.train.callbacks;

import org.jspecify.annotations.NullMarked;

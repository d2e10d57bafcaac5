/**
 * Training and what follows from it: {@link dev.jumbo.train.Trainer}, optimizers, schedules, callbacks, metrics,
 * evaluation and the {@link dev.jumbo.train.Checkpoint}, which is the only thing handed to the later stages.
 */
@NullMarked
package dev.jumbo.train;

import org.jspecify.annotations.NullMarked;

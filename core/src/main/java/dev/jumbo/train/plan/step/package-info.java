/**
 * One optimizer step by each way to share the work: the passes over the batch, what is sent, and what of that is waited for.
 */
@NullMarked
package dev.jumbo.train.plan.step;

import org.jspecify.annotations.NullMarked;

/**
 * Training whose state is divided between the workers. {@link dev.jumbo.train.shard.Shard} is a worker's part of the values
 * under ZeRO stage 1: it stands where a {@link dev.jumbo.nn.FlatStore} would, so that optimizers, clipping and the average
 * of weights work on the part as they do on the whole.
 */
@NullMarked
package dev.jumbo.train.shard;

import org.jspecify.annotations.NullMarked;

/**
 * Documents to token shards: tokenized, put into one order by the seed, and cut at the same places whatever the number of
 * machines. See {@link dev.jumbo.spark.corpus.shard.ShardPlan} for how the cuts are found.
 */
@NullMarked
package dev.jumbo.spark.corpus.shard;

import org.jspecify.annotations.NullMarked;

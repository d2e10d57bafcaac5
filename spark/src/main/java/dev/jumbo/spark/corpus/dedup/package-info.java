/**
 * Which documents are the same, or nearly, when no machine can hold them all.
 *
 * <p>{@link dev.jumbo.spark.corpus.dedup.KeyGroups} makes edges of documents that share a key: each to the smallest
 * document of its group, so that a key of n documents costs n - 1 edges and not n (n - 1) / 2. {@link
 * dev.jumbo.spark.corpus.dedup.Similarity} takes out the edges that promised too much, and {@link
 * dev.jumbo.spark.corpus.dedup.ConnectedComponents} follows the rest to the smallest document of each connected component. All
 * three sort within partitions and then stream: no task holds a group in memory.
 */
@NullMarked
package dev.jumbo.spark.corpus.dedup;

import org.jspecify.annotations.NullMarked;

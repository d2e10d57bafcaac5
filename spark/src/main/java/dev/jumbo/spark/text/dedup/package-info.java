/**
 * Texts that are the same, or nearly: exact hashes, MinHash signatures, and the similarity itself.
 *
 * <p>Near duplicates are found in three steps. {@link dev.jumbo.spark.text.dedup.MinHash} gives each document 14 band
 * keys; documents that share a key are candidates; {@link dev.jumbo.spark.text.dedup.Shingles} gives the exact Jaccard
 * similarity of a candidate pair. Which documents then belong together is for whoever has all of them.
 */
@NullMarked
package dev.jumbo.spark.text.dedup;

import org.jspecify.annotations.NullMarked;

/**
 * Data sets larger than memory: token shards for language models, tar shards for images.
 *
 * <p>A set is a directory of shards of at most 1 GiB and a {@code manifest.json}, written last, with the length and
 * SHA-256 of every file: without it there is no set. Shards are memory-mapped, so that what training reads is fetched by
 * page faults, stays in the operating system's cache and is shared by all workers of a machine.
 *
 * <pre>{@code
 * TokenFormat format = TokenFormat.of("gpt2", tokenizerSha256, 50_257, 50_256, seed);
 * try (TokenSetWriter set = TokenSetWriter.create(dir, format)) {
 *     set.add(new int[] {464, 3290, 318});
 *     set.finish();
 * }
 * Dataset windows = TokenDataset.of(TokenShards.open(dir), 1024, Windows.STREAM);
 * }</pre>
 *
 * Writing is divided so that tasks on many machines can share it: {@link dev.jumbo.data.shards.TokenShardWriter} and
 * {@link dev.jumbo.data.shards.TarShardWriter} make one shard each and return its entry; {@link
 * dev.jumbo.data.shards.TokenManifest#publish} and {@link dev.jumbo.data.shards.TarManifest#publish} make a set of them.
 * The formats are described byte by byte in {@code docs/data.md}.
 */
@NullMarked
package dev.jumbo.data.shards;

import org.jspecify.annotations.NullMarked;

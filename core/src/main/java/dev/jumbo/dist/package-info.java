/**
 * The workers of a run and what they say to each other. {@link dev.jumbo.dist.World#single} is one process alone; {@link
 * dev.jumbo.dist.Environment} reads from a launcher's variables which of how many workers this process is, and {@link
 * dev.jumbo.dist.Worlds#join} brings them together by c10d. The trainer is written against {@link dev.jumbo.dist.World}, so
 * that more processes change nothing in it.
 */
@NullMarked
package dev.jumbo.dist;

import org.jspecify.annotations.NullMarked;

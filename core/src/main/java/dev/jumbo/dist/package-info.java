/**
 * The workers of a run and what they say to each other. {@link dev.jumbo.dist.World#single} is one process alone; the
 * trainer is written against the interface, so that more processes change nothing in it.
 */
@NullMarked
package dev.jumbo.dist;

import org.jspecify.annotations.NullMarked;

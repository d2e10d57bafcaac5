/**
 * Whether the workers of a run are all there and all alike. {@link dev.jumbo.dist.health.Heartbeats} notices a worker that
 * died, stands still or cannot be reached, and says which; {@link dev.jumbo.dist.health.Preflight} compares before the first
 * step what must be equal on all.
 */
@NullMarked
package dev.jumbo.dist.health;

import org.jspecify.annotations.NullMarked;

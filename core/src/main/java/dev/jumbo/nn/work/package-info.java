/**
 * What layers cost, before a byte is allocated: the {@link Operation}s that the engine runs for one example, forward and
 * backward, with their floating-point operations and what stays in memory. Each layer says its own; plans add them up.
 */
@NullMarked
package dev.jumbo.nn.work;

import org.jspecify.annotations.NullMarked;

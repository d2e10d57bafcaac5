/** A server in a process of its own that is asked for more than it can do: {@link dev.jumbo.benchmarks.overload.Overload}. */
@NullMarked
package dev.jumbo.benchmarks.overload;

import org.jspecify.annotations.NullMarked;

/** A server in a process of its own under mixed load, watched for what grows: {@link dev.jumbo.benchmarks.soak.Soak}. */
@NullMarked
package dev.jumbo.benchmarks.soak;

import org.jspecify.annotations.NullMarked;

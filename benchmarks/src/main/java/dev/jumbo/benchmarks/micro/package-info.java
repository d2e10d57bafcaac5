/** Single operations under JMH: {@code benchmarks/run jmh [PATTERN]}. */
@NullMarked
package dev.jumbo.benchmarks.micro;

import org.jspecify.annotations.NullMarked;

/** Streams of examples: from files or a program, shuffled in a buffer, mixed by weight. */
@NullMarked
package dev.jumbo.data.stream;

import org.jspecify.annotations.NullMarked;

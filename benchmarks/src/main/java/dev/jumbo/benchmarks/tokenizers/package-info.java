/** Text to tokens, beside Python's libraries. */
@NullMarked
package dev.jumbo.benchmarks.tokenizers;

import org.jspecify.annotations.NullMarked;

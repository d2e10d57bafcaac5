/** What is done with an adapter that was trained: merged into its base, saved for Python's PEFT, or taken from there. */
@NullMarked
package dev.jumbo.train.adapt;

import org.jspecify.annotations.NullMarked;

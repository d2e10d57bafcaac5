/** Rules over the columns of a row, in a small language of its own that can do nothing but compare and calculate. */
@NullMarked
package dev.jumbo.data.clean.rules;

import org.jspecify.annotations.NullMarked;

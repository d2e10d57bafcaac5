/** Expectations of a table that change nothing: what does not meet them is shown, and there is a verdict on each. */
@NullMarked
package dev.jumbo.data.clean.expect;

import org.jspecify.annotations.NullMarked;

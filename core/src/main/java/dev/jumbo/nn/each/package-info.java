/**
 * The gradients of one parameter by the loss of each example of a batch, in the cheapest form that an operation allows: their
 * norms and weighted sums rarely need all of them.
 */
@NullMarked
package dev.jumbo.nn.each;

import org.jspecify.annotations.NullMarked;

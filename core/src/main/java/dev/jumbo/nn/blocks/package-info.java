/**
 * A model in blocks that back-propagate by themselves: what a block keeps for its backward pass, and where its parameters are,
 * is then a matter of the block. {@link dev.jumbo.nn.blocks.Recomputation} keeps the inputs alone and runs the forward pass a second time.
 */
@NullMarked
package dev.jumbo.nn.blocks;

import org.jspecify.annotations.NullMarked;

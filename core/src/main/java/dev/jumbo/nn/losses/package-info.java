/** The losses, one file each; {@link dev.jumbo.nn.losses.Losses} has a static factory for each of them. */
@NullMarked
package dev.jumbo.nn.losses;

import org.jspecify.annotations.NullMarked;

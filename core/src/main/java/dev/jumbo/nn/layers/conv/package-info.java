/**
 * Convolutions and pooling over sequences {@code [C, L]} and images {@code [C, H, W]}.
 *
 * <p>Sizes are one number or a pair, {@link dev.jumbo.nn.layers.conv.Size2d}; {@link dev.jumbo.nn.layers.conv.Padding}
 * is a number, a pair, {@code same} or {@code valid}. Weights have PyTorch's shapes; images lie channels-last in memory.
 */
@NullMarked
package dev.jumbo.nn.layers.conv;

import org.jspecify.annotations.NullMarked;

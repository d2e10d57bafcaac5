/**
 * The layers, one file each; {@link dev.jumbo.nn.layers.Layers} has a static factory for the common form of each.
 *
 * <ul>
 *   <li>Containers: {@link dev.jumbo.nn.layers.Sequential} chains layers, {@link dev.jumbo.nn.layers.Residual} adds its
 *       input, {@link dev.jumbo.nn.layers.Graph} connects layers freely, with several inputs and outputs, which {@link
 *       dev.jumbo.nn.layers.Add} and {@link dev.jumbo.nn.layers.Concatenate} merge.
 *   <li>Single layers: {@link dev.jumbo.nn.layers.basic} has dense layers, embeddings, normalisation, dropout, activations and
 *       changes of shape, {@link dev.jumbo.nn.layers.conv} convolutions and pooling, {@link dev.jumbo.nn.layers.sequence}
 *       recurrence and attention.
 * </ul>
 *
 * <pre>{@code
 * Layer block = residual(
 *         conv2d(64, 3).withPadding(Padding.same()).withoutBias(), batchNorm(), relu(),
 *         conv2d(64, 3).withPadding(Padding.same()).withoutBias(), batchNorm());
 * System.out.println(Summary.of(block, List.of(Shape.of(64, 32, 32))));
 * }</pre>
 *
 * A container builds what computes the same faster where it can: an activation behind a max pooling, a flatten in
 * memory order.
 */
@NullMarked
package dev.jumbo.nn.layers;

import org.jspecify.annotations.NullMarked;

/**
 * Models: first described, then built.
 *
 * <p>A {@link dev.jumbo.nn.Layer} is a record that says what a layer is. It knows its output shape, its parameters and
 * its FLOPs without allocating anything. {@link dev.jumbo.nn.Layer#build} reserves named slots in the flat {@link
 * dev.jumbo.nn.Parameters} and returns the {@link dev.jumbo.nn.Network} that computes with them; a {@link
 * dev.jumbo.nn.Model} is the two together.
 *
 * <pre>{@code
 * Layer cnn = Sequential.of(conv2d(32, 3, RELU), maxPool2d(2), flatten(), dense(10));
 * cnn.outputShape(Shape.of(1, 28, 28));                 // [10]: nothing is allocated yet
 * try (Model model = Model.build(cnn, Shape.of(1, 28, 28), RandomState.of(42));
 *         Scope scope = Scope.open()) {
 *     Tensor logits = model.forward(x, Pass.inference());
 * }
 * }</pre>
 *
 * Layers are in {@link dev.jumbo.nn.layers}, losses in {@link dev.jumbo.nn.losses}.
 */
@NullMarked
package dev.jumbo.nn;

import org.jspecify.annotations.NullMarked;

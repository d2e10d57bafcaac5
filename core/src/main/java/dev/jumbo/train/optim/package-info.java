/**
 * What turns gradients into new values: optimizers, learning-rate schedules, clipping and the average of weights. All of
 * them work on the flat memory of a {@link dev.jumbo.nn.FlatStore}: a step is a few operations whatever the number of layers.
 *
 * <pre>{@code
 * Optimizer optimizer = Optimizers.adamw(3e-4);
 * Schedule schedule = new WarmUp(100, 0, 0, new Cosine(0));
 * try (OptimizerState state = optimizer.build(model.store())) {
 *     for (long step = 0; step < steps; step++) {
 *         ...                                                    // forward, backward
 *         double norm = GradientClipping.byNorm(1).apply(store.gradients());
 *         state.step(schedule.at(step, steps, optimizer.learningRate()));
 *     }
 * }
 * }</pre>
 *
 * Optimizers and schedules are immutable descriptions, named in files by their {@link dev.jumbo.config.Kind}; {@link
 * dev.jumbo.train.optim.Optimizers} and {@link dev.jumbo.train.optim.Schedules} list them. Parameters and state have
 * PyTorch's names and, at PyTorch's settings, PyTorch's values.
 */
@NullMarked
package dev.jumbo.train.optim;

import org.jspecify.annotations.NullMarked;

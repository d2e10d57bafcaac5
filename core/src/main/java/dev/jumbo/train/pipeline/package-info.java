/**
 * Training of a model whose layers are divided over the workers. {@link dev.jumbo.nn.layers.Stage#split} cuts a {@link
 * dev.jumbo.nn.layers.Sequential}; each worker builds its {@link dev.jumbo.nn.layers.Stage} alone, and {@link
 * dev.jumbo.train.pipeline.Pipeline} runs the passes of a step.
 *
 * <pre>{@code
 * Stage mine = Stage.split(layers, input, world.size()).get(world.rank());
 * Model model = Model.build(mine, mine.input(), seed);
 * model.store().prepareTraining(false);
 * Pipeline pipeline = new Pipeline(world, model);
 * pipeline.run(microBatches);                       // gradients of this stage
 * clipping.apply(model.store().gradients(), total); // by the norm over all stages
 * }</pre>
 */
@NullMarked
package dev.jumbo.train.pipeline;

import org.jspecify.annotations.NullMarked;

/**
 * Training and what follows from it.
 *
 * <pre>{@code
 * Checkpoint best = Trainer.of(model)
 *         .loss(Losses.crossEntropy())
 *         .validationSplit(0.2)
 *         .saveTo(Path.of("runs/first"))
 *         .build()
 *         .fit(data.train());
 * Map<String, Double> figures = Evaluator.evaluate(best, data.test(), Metrics.accuracy());
 * try (Predictor predictor = Predictor.of(best)) {
 *     float[] probabilities = predictor.predict(List.of(predictor.prepare(raw)), 1).get(0);
 * }
 * }</pre>
 *
 * <p>The loop is in {@link dev.jumbo.train.Trainer#fit}; its settings are {@link dev.jumbo.train.TrainConfig} in a file,
 * {@link dev.jumbo.train.TrainerBuilder} in Java. What changes weights is in {@link dev.jumbo.train.optim}, what is
 * measured in {@link dev.jumbo.train.metrics}, what happens beside in {@link dev.jumbo.train.callbacks}. The {@link
 * dev.jumbo.train.checkpoint.Checkpoint} is the only thing handed to the later stages.
 */
@NullMarked
package dev.jumbo.train;

import org.jspecify.annotations.NullMarked;

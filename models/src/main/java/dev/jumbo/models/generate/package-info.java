/**
 * Texts from a checkpoint whose network is a causal language model: the tokenizer that it takes along, {@link
 * dev.jumbo.nn.generate.Generator}, and text that appears character by character.
 *
 * <pre>{@code
 * try (TextGenerator model = TextGenerator.open(Checkpoint.best(run))) {
 *     TextAnswer answer = model.generate("Once upon a time", GenerationConfig.of(100, Sampling.of(0.8, 1)));
 * }
 * }</pre>
 */
@NullMarked
package dev.jumbo.models.generate;

import org.jspecify.annotations.NullMarked;

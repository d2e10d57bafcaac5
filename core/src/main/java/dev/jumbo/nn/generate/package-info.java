/**
 * Tokens one after the other from a network that gives logits of the next one: greedy, sampled, by beam search. Ids in, ids out; texts are the
 * business of whoever has a tokenizer.
 *
 * <pre>{@code
 * try (TokenNetwork network = CausalNetwork.of(model)) {
 *     Generated answer = new Generator(network).generate(prompt, GenerationConfig.greedy(50));
 * }
 * }</pre>
 *
 * <p>Each prompt is computed by itself, so an answer has the same bits whatever it is asked together with.
 */
@NullMarked
package dev.jumbo.nn.generate;

import org.jspecify.annotations.NullMarked;

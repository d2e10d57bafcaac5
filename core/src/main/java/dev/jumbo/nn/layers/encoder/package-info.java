/**
 * Transformers of encoders, and of decoders behind an encoder, whose parts go by names that a description gives: those of BERT,
 * RoBERTa, T5, BART and Marian in Hugging Face's files. {@link dev.jumbo.nn.layers.encoder.AttentionBlock} is a block of them.
 */
@NullMarked
package dev.jumbo.nn.layers.encoder;

import org.jspecify.annotations.NullMarked;

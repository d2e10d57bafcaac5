/**
 * Tokenizers that are made from texts: {@link dev.jumbo.text.train.TokenizerTrainer} counts words, learns pieces, and writes Hugging Face's {@code
 * tokenizer.json}. Memory grows with the number of different words, not with the texts.
 */
@NullMarked
package dev.jumbo.text.train;

import org.jspecify.annotations.NullMarked;

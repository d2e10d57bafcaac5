/**
 * Text to numbers: a {@link dev.jumbo.text.TokenizerConfig} names a tokenizer, {@code open} makes it.
 * Bytes need no file; Hugging Face's {@code tokenizer.json} and GPT-2's vocabulary run in their own native library.
 */
@NullMarked
package dev.jumbo.text;

import org.jspecify.annotations.NullMarked;

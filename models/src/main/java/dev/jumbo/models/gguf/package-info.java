/** GGUF, llama.cpp's format of models: metadata, tensors in float and in blocks of few bits, a tokenizer. */
@NullMarked
package dev.jumbo.models.gguf;

import org.jspecify.annotations.NullMarked;

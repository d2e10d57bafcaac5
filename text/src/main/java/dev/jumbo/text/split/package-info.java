/**
 * Where a text is divided before its tokens are looked for: the rules of GPT-2, Llama 3, Qwen 2, SmolLM and BERT, as their {@code tokenizer.json} has them,
 * on plain characters. Training and encoding share them.
 */
@NullMarked
package dev.jumbo.text.split;

import org.jspecify.annotations.NullMarked;

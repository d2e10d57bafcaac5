/** The files of llama2.c: its models in their three versions, and its tokenizers. */
@NullMarked
package dev.jumbo.models.llama2c;

import org.jspecify.annotations.NullMarked;

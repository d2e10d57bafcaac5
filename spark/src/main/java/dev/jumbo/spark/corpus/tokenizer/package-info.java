/** A tokenizer that is trained on a corpus: words are counted on all machines, and merged on one. */
@NullMarked
package dev.jumbo.spark.corpus.tokenizer;

import org.jspecify.annotations.NullMarked;

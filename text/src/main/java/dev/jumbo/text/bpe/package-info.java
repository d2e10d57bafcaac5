/**
 * Byte-level byte-pair encoding at work: {@link dev.jumbo.text.bpe.BytePairs} divides a text by rules of {@code text.split}, merges bytes, and remembers words.
 */
@NullMarked
package dev.jumbo.text.bpe;

import org.jspecify.annotations.NullMarked;

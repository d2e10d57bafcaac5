/**
 * SentencePiece's models (Kudo and Richardson, 2018), read and applied in Java: {@link dev.jumbo.text.sentencepiece.PieceModel} is the file,
 * {@link dev.jumbo.text.sentencepiece.Normalizer} brings a text into its form, {@link dev.jumbo.text.sentencepiece.Unigram} and
 * {@link dev.jumbo.text.sentencepiece.PairMerges} divide it, {@link dev.jumbo.text.sentencepiece.SentencePiece} is all of it.
 */
@NullMarked
package dev.jumbo.text.sentencepiece;

import org.jspecify.annotations.NullMarked;

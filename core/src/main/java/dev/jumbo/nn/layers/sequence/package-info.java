/**
 * Layers over sequences {@code [T, F]}: T steps of F values. {@link dev.jumbo.nn.layers.sequence.Lstm} and {@link
 * dev.jumbo.nn.layers.sequence.Gru} read step by step; {@link dev.jumbo.nn.layers.sequence.MultiHeadAttention} compares
 * all steps at once and, as it does not see their order, follows a {@link
 * dev.jumbo.nn.layers.sequence.PositionalEmbedding}.
 */
@NullMarked
package dev.jumbo.nn.layers.sequence;

import org.jspecify.annotations.NullMarked;

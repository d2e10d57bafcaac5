/** Single layers: dense, embedding, normalisation, dropout, activations, and changes of shape. They know no container. */
@NullMarked
package dev.jumbo.nn.layers.basic;

import org.jspecify.annotations.NullMarked;

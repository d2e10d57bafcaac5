/**
 * The layers, one file each; {@link dev.jumbo.nn.layers.Layers} has a static factory for each of them. {@link
 * dev.jumbo.nn.layers.Sequential} chains layers, a graph connects them freely.
 */
@NullMarked
package dev.jumbo.nn.layers;

import org.jspecify.annotations.NullMarked;

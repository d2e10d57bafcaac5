/**
 * How the layers of {@link dev.jumbo.nn.layers} are said in ONNX, a file for each family. What an operator of a later version says in one node is
 * written out where the version asked for lacks it.
 */
@NullMarked
package dev.jumbo.onnx.layers;

import org.jspecify.annotations.NullMarked;

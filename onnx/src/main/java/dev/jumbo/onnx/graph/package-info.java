/**
 * A graph of ONNX while it is drawn: {@link dev.jumbo.onnx.graph.Drawing} adds nodes and parameters, {@link
 * dev.jumbo.onnx.graph.LayerDrawing} is how one kind of layer does it.
 */
@NullMarked
package dev.jumbo.onnx.graph;

import org.jspecify.annotations.NullMarked;

/** A checkpoint as a file of ONNX: {@link dev.jumbo.onnx.export.OnnxExport}. */
@NullMarked
package dev.jumbo.onnx.export;

import org.jspecify.annotations.NullMarked;

/** Files of ONNX that run, ours and those of other tools, by ONNX Runtime. */
@NullMarked
package dev.jumbo.onnx.run;

import org.jspecify.annotations.NullMarked;

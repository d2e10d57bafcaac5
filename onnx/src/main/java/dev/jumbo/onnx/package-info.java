/**
 * Models in ONNX.
 */
@NullMarked
package dev.jumbo.onnx;

import org.jspecify.annotations.NullMarked;

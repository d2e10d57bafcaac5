/** ONNX Runtime as an engine for checkpoints: what a network is in ONNX, run on tensors that are kept. */
@NullMarked
package dev.jumbo.onnx.engine;

import org.jspecify.annotations.NullMarked;

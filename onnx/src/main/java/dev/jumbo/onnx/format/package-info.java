/**
 * The file format of ONNX as records, written in protobuf's wire format. Field numbers are those of the published {@code onnx.proto} (IR version
 * 11 and before); nothing is generated, and only what is written here or asked of a foreign file is there.
 */
@NullMarked
package dev.jumbo.onnx.format;

import org.jspecify.annotations.NullMarked;

/**
 * The Open Inference Protocol V2 over gRPC, beside REST on the same port, with reflection and {@code grpc.health.v1}. The messages are
 * made from {@code src/main/proto}.
 */
@NullMarked
package dev.jumbo.serve.grpc;

import org.jspecify.annotations.NullMarked;

/**
 * A model behind HTTP: the Open Inference Protocol V2, and a shorter {@code predict} that takes an image or a row.
 *
 * <pre>{@code
 * try (Predictor predictor = ...;
 *         ModelServer server = ModelServer.start(ServerConfig.local(8080), Token.NONE, served)) {
 *     server.awaitStop();
 * }
 * }</pre>
 *
 * The way of a request: {@link dev.jumbo.serve.Guard} (who asks, from where) -> {@link dev.jumbo.serve.ComputePool} (a
 * place, or 503) -> {@link dev.jumbo.serve.InferReader} (everything checked) -> {@link dev.jumbo.serve.ServedModel} (raw
 * values through the saved preprocessing to the network) -> {@link dev.jumbo.serve.InferWriter}. Every error is {@code
 * {"error": "..."}}.
 */
@NullMarked
package dev.jumbo.serve;

import org.jspecify.annotations.NullMarked;

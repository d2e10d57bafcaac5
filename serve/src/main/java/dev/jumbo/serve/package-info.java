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
 * The way of a request: {@link dev.jumbo.serve.access} (who asks, from where) -> {@link dev.jumbo.serve.v2} (the protocol) -> {@link
 * dev.jumbo.serve.schedule} (a place, or a refusal) -> {@link dev.jumbo.serve.repository} (the version that answers) -> {@link
 * dev.jumbo.serve.model} (raw values through the saved preprocessing to the network), and back. Every error is {@code {"error":
 * "..."}}.
 */
@NullMarked
package dev.jumbo.serve;

import org.jspecify.annotations.NullMarked;

/**
 * Tensors and requests as they come over a wire, whatever the protocol: types of elements, JSON and binary values, {@link
 * dev.jumbo.serve.wire.InferRequest}, and {@link dev.jumbo.serve.wire.Refusal}, which every protocol says in its own words. Nothing
 * here knows HTTP or a model.
 */
@NullMarked
package dev.jumbo.serve.wire;

import org.jspecify.annotations.NullMarked;

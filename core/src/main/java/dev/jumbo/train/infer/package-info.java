/**
 * A checkpoint's network prepared for inference. {@link dev.jumbo.train.infer.Engines} prepares what there is ({@link
 * dev.jumbo.train.infer.EngineProvider}), holds each against the plain model on {@link dev.jumbo.train.infer.Golden} inputs, measures them
 * on this machine and takes the fastest; {@link dev.jumbo.train.infer.SteadyEngine} sees to it that an answer does not depend on what
 * shares its batch.
 */
@NullMarked
package dev.jumbo.train.infer;

import org.jspecify.annotations.NullMarked;

package dev.jumbo.train.infer;

import dev.jumbo.config.Doc;

/** Which engine answers for a network. */
@Doc("Which engine answers for a network.")
public enum EngineChoice {
    /** The one that is fastest for this network on this machine, of those that agree with the plain model. */
    AUTO,
    /** ONNX Runtime, or an error that says why it cannot. */
    ONNXRUNTIME,
    /** libtorch: prepared where that is faster and agrees, otherwise as in training. */
    LIBTORCH
}

package dev.jumbo.onnx.graph;

/** A layer cannot be said in ONNX; the export collects these, and refuses the model with the paths of all. */
public final class Unsayable extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param reason as in {@code it counts backwards} */
    public Unsayable(String reason) {
        super(reason);
    }
}

package dev.jumbo.tensor;

import dev.jumbo.error.InputException;

/** A shape that does not fit: the path of the layer or argument, what it expects, what it received. */
public final class ShapeException extends InputException {
    private static final long serialVersionUID = 1L;

    /** The reason alone, without the path in front: what an outer layer puts its own name before. */
    private final String reason;

    private final String path;

    public ShapeException(String path, String expected, Object received) {
        this(path, "expected " + expected + ", received " + received);
    }

    private ShapeException(String path, String reason) {
        super(path.isEmpty() ? reason : path + ": " + reason);
        this.path = path;
        this.reason = reason;
    }

    /** The same error seen from a container: {@code layers.2} within {@code encoder} is {@code encoder.layers.2}. */
    public ShapeException within(String container) {
        return new ShapeException(path.isEmpty() ? container : container + "." + path, reason);
    }
}

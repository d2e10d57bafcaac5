package dev.jumbo.onnx.format;

import java.util.List;

/**
 * An input or output of a model ({@code ValueInfoProto}).
 *
 * @param name of the value
 * @param type of its elements
 * @param sizes a {@link Long}, or a name ({@link String}) for a size that varies; equal names stand for equal sizes
 */
public record OnnxPort(String name, ElementType type, List<?> sizes) {
    public OnnxPort {
        sizes = List.copyOf(sizes);
    }

    Message message() {
        Message shape = new Message();
        for (Object size : sizes) {
            shape.message(
                    1,
                    size instanceof Long fixed
                            ? new Message().integer(1, fixed)
                            : new Message().text(2, size.toString()));
        }
        Message tensor = new Message().integer(1, type.number()).message(2, shape);
        return new Message().text(1, name).message(2, new Message().message(1, tensor));
    }
}

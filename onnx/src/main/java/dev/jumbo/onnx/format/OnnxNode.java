package dev.jumbo.onnx.format;

import java.util.List;

/**
 * An operation ({@code NodeProto}).
 *
 * @param name unique in the graph
 * @param operator of ONNX's own domain, as in {@code Conv}
 * @param inputs names of values; empty for one that is left out
 * @param outputs names of values
 * @param attributes its settings
 */
public record OnnxNode(
        String name, String operator, List<String> inputs, List<String> outputs, List<OnnxAttribute> attributes) {
    public OnnxNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = List.copyOf(attributes);
    }

    Message message() {
        Message made =
                new Message().texts(1, inputs).texts(2, outputs).text(3, name).text(4, operator);
        attributes.forEach(attribute -> made.message(5, attribute.message()));
        return made;
    }
}

package dev.jumbo.onnx.format;

import java.util.List;
import java.util.function.Function;

/**
 * What a model computes ({@code GraphProto}).
 *
 * @param name any
 * @param inputs in order
 * @param outputs in order
 * @param constants parameters and other constants
 * @param nodes each behind those whose results it takes
 */
public record OnnxGraph(
        String name,
        List<OnnxPort> inputs,
        List<OnnxPort> outputs,
        List<OnnxConstant> constants,
        List<OnnxNode> nodes) {
    public OnnxGraph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        constants = List.copyOf(constants);
        nodes = List.copyOf(nodes);
    }

    /** @param written how a constant is written */
    Message message(Function<OnnxConstant, Message> written) {
        Message made = new Message();
        nodes.forEach(node -> made.message(1, node.message()));
        made.text(2, name);
        constants.forEach(constant -> made.message(5, written.apply(constant)));
        inputs.forEach(input -> made.message(11, input.message()));
        outputs.forEach(output -> made.message(12, output.message()));
        return made;
    }
}

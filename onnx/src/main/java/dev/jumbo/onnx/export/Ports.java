package dev.jumbo.onnx.export;

import dev.jumbo.nn.Masks;
import dev.jumbo.onnx.format.ElementType;
import dev.jumbo.onnx.format.OnnxPort;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.List;

/**
 * Inputs and outputs with their sizes: {@code batch}, fixed ones, and names of those that vary. The steps of a sequence have one name, and
 * its mask has it too.
 */
final class Ports {
    private static final String BATCH = "batch";
    private static final String MASK_ENDING = "_" + Masks.MASK;

    private final Specs inputs;

    Ports(Specs inputs) {
        this.inputs = inputs;
    }

    OnnxPort input(String name, Spec spec) {
        return port(name, spec, ElementType.of(spec.dtype()), sequence(name));
    }

    OnnxPort output(String name, Spec spec) {
        // Which input's steps they are is not known; a name of its own says nothing wrong.
        return port(name, spec, spec.dtype() == DType.BOOL ? ElementType.BOOL : ElementType.of(spec.dtype()), name);
    }

    /** Of which input a mask is, or the input itself. */
    private String sequence(String name) {
        if (name.equals(Masks.MASK)) {
            return inputs.byName().entrySet().stream()
                    .filter(e -> e.getValue().varies() && e.getValue().dtype() != DType.BOOL)
                    .findFirst()
                    .map(e -> e.getKey())
                    .orElse(inputs.mainName());
        }
        return name.endsWith(MASK_ENDING) ? name.substring(0, name.length() - MASK_ENDING.length()) : name;
    }

    private static OnnxPort port(String name, Spec spec, ElementType type, String varying) {
        List<Object> sizes = new ArrayList<>(List.of(BATCH));
        for (int dim = 0; dim < spec.shape().rank(); dim++) {
            sizes.add(
                    !spec.varies(dim)
                            ? (Object) spec.shape().size(dim)
                            : varying + (dim == 0 ? "_steps" : "_size" + dim));
        }
        return new OnnxPort(name, type, sizes);
    }
}

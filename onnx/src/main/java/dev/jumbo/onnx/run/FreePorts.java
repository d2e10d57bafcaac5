package dev.jumbo.onnx.run;

import ai.onnxruntime.OnnxJavaType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.train.infer.FreeShapes;
import dev.jumbo.train.infer.SizedRow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The sizes of a graph that callers choose, and which sizes its outputs had for those that were computed lately. */
final class FreePorts implements FreeShapes {
    /** Combinations of sizes that are remembered: an answer is written as soon as it is computed. */
    private static final int MOST = 1024;

    private final Map<String, Spec> specs = new LinkedHashMap<>();
    private final List<Shape> usual = new ArrayList<>();
    private final Map<List<Shape>, List<Shape>> known =
            Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<List<Shape>, List<Shape>> eldest) {
                    return size() > MOST;
                }
            });

    /** @param inputs those that callers give, in order */
    FreePorts(List<Port> inputs, List<Port> outputs) {
        for (Port port : inputs) {
            usual.add(port.isText() ? Shape.of() : port.spec().shape());
            add(port);
        }
        for (Port port : outputs) {
            add(new Port(port.name(), OnnxJavaType.FLOAT, port.sizes(), port.sizeNames())); // what answers are
        }
    }

    private void add(Port port) {
        if (!port.isText() && port.sizes().size() > 1 && port.spec().varies()) {
            specs.put(port.name(), port.spec());
        }
    }

    @Override
    public @Nullable Spec of(String field) {
        return specs.get(field);
    }

    @Override
    public @Nullable List<Shape> outputs(List<?> inputs) {
        return known.get(shapes(inputs));
    }

    /** Remembers the outputs of rows of one size. */
    void computed(List<?> inputs, List<Shape> outputs) {
        known.put(shapes(inputs), outputs);
    }

    /** The shape of a row of each input. */
    List<Shape> shapes(List<?> inputs) {
        List<Shape> shapes = new ArrayList<>(inputs.size());
        for (int i = 0; i < inputs.size(); i++) {
            Object given = inputs.get(i);
            SizedRow row = given instanceof SizedRow one ? one : given instanceof SizedRow[] all ? all[0] : null;
            shapes.add(row == null ? usual.get(i) : row.shape());
        }
        return shapes;
    }
}

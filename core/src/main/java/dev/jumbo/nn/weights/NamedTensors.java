package dev.jumbo.nn.weights;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A source that is known as a whole. */
record NamedTensors(String where, Map<String, Stored> tensors) implements TensorSource {
    NamedTensors {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }
}

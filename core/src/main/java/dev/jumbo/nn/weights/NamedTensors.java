package dev.jumbo.nn.weights;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A source that is known as a whole. */
record NamedTensors(String where, List<Path> files, Map<String, Stored> tensors) implements TensorSource {
    NamedTensors {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }
}

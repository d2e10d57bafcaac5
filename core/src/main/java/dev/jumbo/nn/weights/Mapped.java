package dev.jumbo.nn.weights;

import dev.jumbo.error.InputException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a rule makes, which has each name once. */
final class Mapped {
    private final String rule;
    private final Map<String, TensorSource.Stored> tensors = new LinkedHashMap<>();

    Mapped(String rule) {
        this.rule = rule;
    }

    void put(String name, TensorSource.Stored tensor) {
        if (tensors.putIfAbsent(name, tensor) != null) {
            throw new InputException(rule + ": expected another name for each tensor, received two of the name \""
                    + name + "\"; use groups, as in (\\d+) and $1, or drop one of them");
        }
    }

    Map<String, TensorSource.Stored> tensors() {
        return tensors;
    }
}

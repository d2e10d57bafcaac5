package dev.jumbo.nn.weights;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Knows directories in which other programs save models, and brings their tensors to the names that such a model has here: {@code
 * train.init_from} asks where no {@code init_map} is given. Found by {@link java.util.ServiceLoader}.
 */
public interface PublicDirectory {
    /**
     * Opens one.
     *
     * @return empty where it is none that this knows
     * @throws dev.jumbo.error.InputException if it is one and its weights are not sound
     */
    Optional<Opened> open(Path directory);

    /**
     * What a directory has.
     *
     * @param weights under the names of the model here
     * @param files that go with the model, such as a tokenizer's, by their names
     */
    record Opened(TensorSource weights, Map<String, Path> files) {
        public Opened {
            files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
        }

        /** Weights alone. */
        public static Opened of(TensorSource weights) {
            return new Opened(weights, Map.of());
        }
    }
}

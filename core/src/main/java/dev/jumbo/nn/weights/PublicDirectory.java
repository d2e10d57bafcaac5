package dev.jumbo.nn.weights;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Knows directories in which other programs save models, and brings their tensors to the names that such a model has here: {@code
 * train.init_from} asks where no {@code init_map} is given. Found by {@link java.util.ServiceLoader}.
 */
public interface PublicDirectory {
    /**
     * Opens one.
     *
     * @param wanted names of the model's parameters: what it is used for may be another task than the directory's, with another head
     * @return empty where it is none that this knows
     * @throws dev.jumbo.error.InputException if it is one and its weights are not sound
     */
    Optional<Opened> open(Path directory, Set<String> wanted);

    /**
     * The files that go with the model of a directory, such as a tokenizer's, by their names, where its weights are read under the names that they
     * have there: beside an adapter, or by {@code init_map}.
     *
     * @return none where it is no directory that this knows
     */
    Map<String, Path> files(Path directory);

    /**
     * What a directory has.
     *
     * @param weights under the names of the model here
     * @param files that go with the model, such as a tokenizer's, by their names
     * @param fresh parameters of the model's head, of which the directory has none: they are drawn
     * @param passedOver tensors of a head that the model does not have
     */
    record Opened(TensorSource weights, Map<String, Path> files, List<String> fresh, List<String> passedOver) {
        public Opened {
            fresh = List.copyOf(fresh);
            passedOver = List.copyOf(passedOver);
            files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
        }

        /** Of which the model's head is, or there is none. */
        public Opened(TensorSource weights, Map<String, Path> files) {
            this(weights, files, List.of(), List.of());
        }

        /** Weights alone. */
        public static Opened of(TensorSource weights) {
            return new Opened(weights, Map.of());
        }
    }
}

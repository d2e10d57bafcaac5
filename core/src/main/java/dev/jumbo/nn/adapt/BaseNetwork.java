package dev.jumbo.nn.adapt;

import dev.jumbo.nn.Layer;
import dev.jumbo.tensor.Specs;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The network that weights are of.
 *
 * @param in one example of each input
 */
public record BaseNetwork(Layer model, Specs in) {
    /** Knows what networks directories of other programs describe. Found by {@link java.util.ServiceLoader}. */
    public interface Reader {
        /**
         * The network that a directory's weights are of; no value of them is read.
         *
         * @return empty where the directory is none that this knows
         * @throws dev.jumbo.error.InputException if its description has what is not known here
         */
        Optional<BaseNetwork> describe(Path directory);
    }
}

package dev.jumbo.train.infer;

import dev.jumbo.data.Field;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Packing;
import dev.jumbo.tensor.Torch;
import dev.jumbo.train.checkpoint.ModelFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What this process has found out about networks: it depends on their layers and the machine, not on their weights. */
final class KnownNetworks {
    private static final int MOST = 64;

    private static final Map<Key, Known> ALL = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
            return size() > MOST;
        }
    };

    private KnownNetworks() {}

    private record Key(Layer model, List<Field> inputs, EngineChoice choice, int threads) {}

    static synchronized Known of(ModelFile description, EngineChoice choice) {
        Key key = new Key(description.model(), description.inputs(), choice, Torch.threads());
        return ALL.computeIfAbsent(key, k -> new Known());
    }

    /** What is known of one. */
    static final class Known {
        private final Map<String, SafeSizes> sizes = new ConcurrentHashMap<>();
        private final Map<String, Packing.Kernel> kernels = new ConcurrentHashMap<>();
        private volatile @Nullable String chosen;
        private String why = "";

        /** The provider of the engine that was the fastest; null if nothing was measured yet. */
        @Nullable
        String chosen() {
            return chosen;
        }

        /** By the paths of layers; it grows. */
        Map<String, Packing.Kernel> kernels() {
            return kernels;
        }

        /**
         * Remembers what was chosen.
         *
         * @param said about it now
         * @return what was said when it was chosen first, which is when it was measured
         */
        synchronized String chose(String provider, String said) {
            if (!provider.equals(chosen)) {
                chosen = provider;
                why = said;
            }
            return why;
        }

        SafeSizes safeSizes(Engine engine, SeededInputs made) {
            return sizes.computeIfAbsent(engine.name(), name -> new SafeSizes(made));
        }
    }
}

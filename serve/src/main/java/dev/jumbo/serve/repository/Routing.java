package dev.jumbo.serve.repository;

import dev.jumbo.serve.repository.disk.VersionNames;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of a model answer, at one moment: replaced as a whole, so that a request sees the state before a switch or after it.
 *
 * @param ready by name, in order
 * @param standard the one that answers where none is named; null if none does
 */
record Routing(Map<String, LoadedVersion> ready, @Nullable LoadedVersion standard) {
    static final Routing NONE = new Routing(Map.of(), null);

    static Routing of(Map<String, LoadedVersion> ready) {
        TreeMap<String, LoadedVersion> ordered = new TreeMap<>(VersionNames.ORDER);
        ordered.putAll(ready);
        return new Routing(
                Collections.unmodifiableMap(ordered),
                ordered.isEmpty() ? null : ordered.lastEntry().getValue());
    }

    /** Whether the same model answers where no version is named. */
    boolean sameStandard(Routing other) {
        return standard == other.standard;
    }
}

package dev.jumbo.serve.repository;

import dev.jumbo.serve.repository.canary.CanaryTrial;
import dev.jumbo.serve.repository.settings.BatchingSettings;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of a model answer, at one moment: replaced as a whole, so that a request sees the state before a switch or after it.
 *
 * @param ready by name, in order
 * @param standard the one that answers where none is named; null if none does
 * @param canary the one that answers a share of those requests; null if there is none
 * @param trial of the canary; null if there is none
 * @param batching how requests share batches and wait
 */
record Routing(
        Map<String, LoadedVersion> ready,
        @Nullable LoadedVersion standard,
        @Nullable LoadedVersion canary,
        @Nullable CanaryTrial trial,
        BatchingSettings batching) {
    static final Routing NONE = new Routing(Map.of(), null, null, null, BatchingSettings.NONE);

    /**
     * In use for a request; null where it is not ready.
     *
     * @param version null for the one that answers where none is named
     * @param caller who asks; null if that is not known
     * @param key what the caller calls the request; null if it has no name
     */
    @Nullable
    Lease lease(@Nullable String version, @Nullable String caller, @Nullable String key) {
        if (version != null || canary == null || trial == null || standard == null) {
            LoadedVersion loaded = version == null ? standard : ready.get(version);
            return loaded == null ? null : loaded.lease(batching);
        }
        boolean taken = trial.takes(caller, key);
        Lease held = (taken ? canary : standard).lease(batching);
        return held == null ? null : new CanaryLease(held, trial, taken ? standard : null);
    }

    /** The same versions, whose requests share batches and wait in another way. */
    Routing with(BatchingSettings other) {
        return new Routing(ready, standard, canary, trial, other);
    }

    /** Whether there is one to be asked. */
    boolean has(@Nullable String version) {
        return version == null ? standard != null : ready.containsKey(version);
    }

    /** Whether the same model answers where no version is named. */
    boolean sameStandard(Routing other) {
        return standard == other.standard;
    }
}

package dev.jumbo.serve.repository;

import dev.jumbo.serve.wire.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The models of a server, as requests find them. Safe for many threads. */
public interface ServedModels {
    /**
     * A version that answers, in use until the lease is closed.
     *
     * @param version null for the one that answers where none is named
     * @throws Refusal NOT_FOUND if there is no such model or version, UNAVAILABLE if it is not ready
     */
    Lease lease(String model, @Nullable String version);

    /**
     * As {@link #lease(String, String)}, where there may be a canary.
     *
     * @param caller who asks; null if that is not known
     * @param key what the caller calls the request; null if it has no name
     */
    default Lease lease(String model, @Nullable String version, @Nullable String caller, @Nullable String key) {
        return lease(model, version);
    }

    /** Names of all models, ready or not. */
    List<String> names();

    /** The versions of a model that answer, in order. @throws Refusal NOT_FOUND if there is no such model */
    List<String> versions(String model);

    /** Whether every model that was there at the start has come to answer: from then on the server may be sent requests. */
    default boolean isReady() {
        return true;
    }

    /**
     * Whether a model, or one version of it, answers.
     *
     * @throws Refusal NOT_FOUND if there is no such model or version
     */
    default boolean isReady(String model, @Nullable String version) {
        try (Lease lease = lease(model, version)) {
            return !lease.model().name().isEmpty();
        } catch (Refusal e) {
            if (e.reason() == Refusal.Reason.UNAVAILABLE) {
                return false;
            }
            throw e;
        }
    }

    /** What an operator may ask. */
    ModelControl control();
}

package dev.jumbo.serve.repository;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The models of a server, as requests find them. Safe for many threads. */
public interface Models {
    /**
     * A version that answers, in use until the lease is closed.
     *
     * @param version null for the one that answers where none is named
     * @throws dev.jumbo.serve.wire.Refusal NOT_FOUND if there is no such model or version, UNAVAILABLE if it is not ready
     */
    Lease lease(String model, @Nullable String version);

    /** Names of all models, ready or not. */
    List<String> names();

    /** The versions of a model that answer, in order. @throws dev.jumbo.serve.wire.Refusal NOT_FOUND if there is no such model */
    List<String> versions(String model);
}

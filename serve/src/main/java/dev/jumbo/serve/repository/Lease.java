package dev.jumbo.serve.repository;

import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.repository.settings.BatchingSettings;
import org.jspecify.annotations.Nullable;

/** A version in use: it is not unloaded before the last lease on it is closed. Closing twice is closing once. */
public interface Lease extends AutoCloseable {
    ServedModel model();

    /** How requests to this model share batches and wait, as it holds now. */
    default BatchingSettings batching() {
        return BatchingSettings.NONE;
    }

    /** Says what came of the request, before the lease is closed: a canary is judged by it. @param error null if it was answered */
    default void ended(@Nullable Throwable error) {}

    /** The stable version, if this request is of a canary and is to be compared; null for most. */
    default @Nullable Shadow shadow() {
        return null;
    }

    @Override
    void close();
}

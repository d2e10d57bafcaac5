package dev.jumbo.serve.repository;

import dev.jumbo.serve.model.ServedModel;

/** A version in use: it is not unloaded before the last lease on it is closed. Closing twice is closing once. */
public interface Lease extends AutoCloseable {
    ServedModel model();

    @Override
    void close();
}

package dev.jumbo.serve.repository;

import dev.jumbo.serve.model.ServedModel;
import java.util.List;

/** The stable version, in use to be asked what a canary was asked; nobody waits for its answer. Close it in any case. */
public interface Shadow extends AutoCloseable {
    /** The stable version. */
    ServedModel model();

    /** Both answers: for each output row-major values. */
    void compare(List<float[]> byCanary, List<float[]> byStable);

    /** The stable version answers a request that the canary does not take. */
    void refusedAlone();

    @Override
    void close();
}

package dev.jumbo.dist;

import dev.jumbo.tensor.Tensor;

/** The processes that train one model together. */
public interface World {
    /** This process's number, from 0. */
    int rank();

    /** Number of processes. */
    int size();

    /** Replaces a tensor, of the same shape on every rank, by the mean over all ranks. */
    void allReduceMean(Tensor tensor);

    /** One process alone: collectives do nothing. */
    static World single() {
        return new SingleWorld();
    }
}

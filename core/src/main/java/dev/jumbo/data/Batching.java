package dev.jumbo.data;

/**
 * How the examples of an epoch come in batches. A position counts the examples of the epoch before it; it is one where a batch
 * begins. Every epoch has the same number of batches.
 */
interface Batching {
    /** The examples of an epoch in order; batches follow each other in it. */
    int[] order(int epoch);

    /** Examples of the batch that begins at a position, those of all parts together; 0 behind the last batch. */
    int rowsFrom(int epoch, int position);

    /** Batches from a position on. */
    int batchesFrom(int epoch, int position);

    /** Number of the batch that begins at a position, from 0. */
    int number(int epoch, int position);
}

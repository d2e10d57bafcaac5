package dev.jumbo.dist;

import dev.jumbo.error.InputException;

/**
 * Which of how many workers a process is, and where they meet.
 *
 * @param rank 0 to size - 1
 * @param size number of workers, 1 or more
 * @param localRank the number among the workers of this machine
 * @param localSize number of workers on this machine
 * @param masterAddress name or address of rank 0's machine
 * @param masterPort where rank 0 listens; 0 where it takes any free port and tells the launcher
 * @param storeIsServed whether the launcher has opened the store already, as torchrun's agent does
 * @param attempt how often the launcher has started the workers again with that same store, which still holds what they said
 *     before; 0 where rank 0 serves it, as it then ends with them
 */
public record Placement(
        int rank,
        int size,
        int localRank,
        int localSize,
        String masterAddress,
        int masterPort,
        boolean storeIsServed,
        int attempt) {
    private static final int LAST_PORT = 65_535;

    public Placement {
        require(size >= 1, "1 or more workers", size);
        require(rank >= 0 && rank < size, "a rank from 0 to " + (size - 1), rank);
        require(localSize >= 1 && localSize <= size, "1 to " + size + " workers on a machine", localSize);
        require(localRank >= 0 && localRank < localSize, "a local rank from 0 to " + (localSize - 1), localRank);
        require(attempt >= 0, "0 or more restarts", attempt);
        require(masterPort >= 0 && masterPort <= LAST_PORT, "a port from 0 to " + LAST_PORT, masterPort);
    }

    private static void require(boolean holds, String expected, int received) {
        if (!holds) {
            throw new InputException("expected " + expected + ", received " + received
                    + "; see the variables that the launcher of the workers sets");
        }
    }
}

package dev.jumbo.dist.launch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The workers of one start, from then until all are done or one has failed; none is left when it is closed. */
final class Gang implements AutoCloseable {
    private final List<WorkerProcess> workers = new ArrayList<>();
    private final Exits exits = new Exits();
    private final String host;

    private Gang(String host) {
        this.host = host;
    }

    /** Starts all workers. */
    static Gang start(int size, LocalLauncher.Workers settings) {
        Gang gang = new Gang(Host.name());
        try {
            for (int rank = 0; rank < size; rank++) {
                gang.add(
                        rank,
                        WorkerProcess.start(
                                settings.command().of(rank, size),
                                environment(rank, size, settings),
                                null,
                                settings.output().of(rank)));
            }
        } catch (RuntimeException e) {
            gang.close();
            throw e;
        }
        List<WorkerProcess> others = gang.workers.subList(1, size);
        gang.workers.get(0).rendezvous().thenAccept(address -> others.forEach(each -> each.connectTo(address)));
        return gang;
    }

    private void add(int rank, WorkerProcess worker) {
        workers.add(worker);
        worker.onExit().thenAccept(exit -> exits.add(rank, host, exit));
    }

    private static Map<String, String> environment(int rank, int size, LocalLauncher.Workers settings) {
        Map<String, String> place = new HashMap<>(settings.environment());
        place.put("RANK", "" + rank);
        place.put("WORLD_SIZE", "" + size);
        place.put("LOCAL_RANK", "" + rank);
        place.put("LOCAL_WORLD_SIZE", "" + size);
        place.put("MASTER_ADDR", settings.address());
        place.put("MASTER_PORT", "0");
        return place;
    }

    /** Waits until all workers are done, or one is not. @return empty if all are done */
    Optional<Exits.Failure> await() throws InterruptedException {
        return exits.await(workers.size());
    }

    /** Tells all workers to end, and waits until they have saved where they stand, so long at most. */
    void tellToEnd(Duration grace) {
        workers.forEach(WorkerProcess::tellToEnd);
        awaitAll(grace);
    }

    /** Waits until all workers have ended, so long at most. */
    void awaitAll(Duration limit) {
        CompletableFuture<?>[] ends =
                workers.stream().map(WorkerProcess::onExit).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(ends)
                .completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** Ends all workers that still live, all at once. */
    @Override
    public void close() {
        WorkerProcess.closeAll(workers);
    }
}

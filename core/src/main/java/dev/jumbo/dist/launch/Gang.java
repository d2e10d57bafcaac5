package dev.jumbo.dist.launch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The workers of one start, from then until all are done or one has failed; none is left when it is closed. */
final class Gang implements AutoCloseable {
    /** How long to wait for what others say after the first exit: who was lost, not who noticed it. */
    private static final long SETTLE_MILLIS = 1500;

    private final List<WorkerProcess> workers = new ArrayList<>();
    private final BlockingQueue<Ended> exits = new LinkedBlockingQueue<>();

    private record Ended(int rank, WorkerExit exit) {}

    /**
     * A worker that did not end well.
     *
     * @param rank whose end explains that of the others
     */
    record Failure(int rank, WorkerExit exit) {
        /** For messages: what failed, how and where. */
        String describe(String host) {
            // Who lost a peer says itself which one, and where.
            return exit.status() == WorkerExit.PEER_LOST && !exit.lastError().isEmpty()
                    ? exit.lastError()
                    : "rank " + rank + " on " + host + ": " + exit.describe();
        }
    }

    /** Starts all workers. */
    static Gang start(int size, LocalLauncher.Workers settings) {
        Gang gang = new Gang();
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
        worker.onExit().thenAccept(exit -> exits.add(new Ended(rank, exit)));
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
    Optional<Failure> await() throws InterruptedException {
        for (int done = 0; done < workers.size(); done++) {
            Ended next = exits.take();
            if (!next.exit.isDone()) {
                return Optional.of(cause(next));
            }
        }
        return Optional.empty();
    }

    /** Of all that end now, the one that explains the rest. */
    private Failure cause(Ended first) throws InterruptedException {
        List<Ended> ended = new ArrayList<>(List.of(first));
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS);
        while (ended.size() < workers.size()) {
            @Nullable Ended next = exits.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                break;
            }
            if (!next.exit.isDone()) {
                ended.add(next);
            }
        }
        Ended cause = ended.stream()
                .min(Comparator.comparingInt((Ended each) -> weight(each.exit)).thenComparingInt(Ended::rank))
                .orElse(first);
        return new Failure(cause.rank, cause.exit);
    }

    /** The lower, the more an exit explains. */
    private static int weight(WorkerExit exit) {
        return exit.isMistake() ? 0 : exit.isSignal() ? 1 : exit.status() == WorkerExit.PEER_LOST ? 3 : 2;
    }

    /** Ends all workers that still live, all at once. */
    @Override
    public void close() {
        workers.forEach(WorkerProcess::terminate);
        workers.forEach(WorkerProcess::close);
    }
}

package dev.jumbo.dist.launch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How the workers of one start end, in the order in which they do, and which end explains the others. */
public final class Exits {
    /** How long to wait for what others say after the first exit: who was lost, not who noticed it. */
    private static final long SETTLE_MILLIS = 1500;

    private static final int ALL = -1;

    private final BlockingQueue<Ended> exits = new LinkedBlockingQueue<>();

    private record Ended(int rank, String host, WorkerExit exit) {}

    /**
     * A worker that did not end well.
     *
     * @param rank whose end explains that of the others; -1 for all
     */
    public record Failure(int rank, String host, WorkerExit exit) {
        /** For messages: what failed, how and where. */
        public String describe() {
            // Who lost a peer says itself which one, and where.
            return exit.status() == WorkerExit.PEER_LOST && !exit.lastError().isEmpty()
                    ? exit.lastError()
                    : (rank == ALL ? "all workers" : "rank " + rank) + " on " + host + ": " + exit.describe();
        }
    }

    /** Notes an end. Of a rank that is noted more than once, the first counts. */
    public void add(int rank, String host, WorkerExit exit) {
        exits.add(new Ended(rank, host, exit));
    }

    /** Notes that all have ended, as when a cluster does not start them; whatever a worker itself says explains more. */
    public void addAll(String host, WorkerExit exit) {
        add(ALL, host, exit);
    }

    /** Waits until so many workers are done, or one is not. @return empty if all are done */
    public Optional<Failure> await(int size) throws InterruptedException {
        List<Integer> done = new ArrayList<>();
        while (done.size() < size) {
            Ended next = exits.take();
            if (done.contains(next.rank)) {
                continue;
            }
            if (!next.exit.isDone()) {
                return Optional.of(cause(next, size));
            }
            done.add(next.rank);
        }
        return Optional.empty();
    }

    /** Of all that end now, the one that explains the rest. */
    private Failure cause(Ended first, int size) throws InterruptedException {
        List<Ended> ended = new ArrayList<>(List.of(first));
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SETTLE_MILLIS);
        while (ended.size() < size) {
            @Nullable Ended next = exits.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (next == null) {
                break;
            }
            int rank = next.rank;
            // A task tells how its worker ended, and then ends itself, which would explain more if it came alone.
            if (!next.exit.isDone() && ended.stream().noneMatch(each -> each.rank == rank)) {
                ended.add(next);
            }
        }
        Ended cause = ended.stream()
                .min(Comparator.comparingInt((Ended each) -> weight(each)).thenComparingInt(Ended::rank))
                .orElse(first);
        return new Failure(cause.rank, cause.host, cause.exit);
    }

    /** The lower, the more an exit explains. */
    private static int weight(Ended ended) {
        WorkerExit exit = ended.exit;
        if (exit.isMistake()) {
            return 0;
        }
        if (ended.rank == ALL) {
            return 4;
        }
        if (exit.isStopped()) {
            return 2;
        }
        return exit.isSignal() || exit.status() == WorkerExit.LOST ? 1 : exit.status() == WorkerExit.PEER_LOST ? 3 : 2;
    }
}

package dev.jumbo.dist.health;

import dev.jumbo.dist.World;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Notices that another worker is lost, which a collective alone cannot tell from one that takes long. Each pair of workers
 * keeps a connection of its own beside the collectives, over which each says a few times within the limit that it lives
 * and what it does, from a thread that does nothing else: a long validation, a checkpoint or a garbage collection is no
 * silence. A worker is lost when
 *
 * <ul>
 *   <li>its connection ends before it has said that it is done, at once: the process died;
 *   <li>nothing was heard of it for the limit: it stands still, or the network does;
 *   <li>it says that it failed, or another worker says that it lost it.
 * </ul>
 *
 * Time in which this process itself stood still, as under SIGSTOP or on a suspended machine, counts for nobody.
 */
public final class Heartbeats implements AutoCloseable {
    private static final String BEAT = "beat ";
    private static final String LOST = "lost ";
    private static final String FAILED = "failed ";
    private static final String MISTAKE = "mistake ";
    private static final String IS_GIVEN_WHAT_CANNOT_BE = " cannot work with what it was given: ";
    private static final String DONE = "done";

    /** Heartbeats within the limit. */
    private static final int BEATS = 15;

    /** Of them, how many the launcher has to end everybody and say who was lost, so that the limit holds for the whole. */
    private static final int RESERVE = 4;

    private final int rank;
    private final List<Peer> peers;
    private final Duration limit;
    private final Duration interval;
    private final Consumer<String> onLoss;
    private final CompletableFuture<String> loss = new CompletableFuture<>();
    private volatile Activity activity = Activity.start();
    /** This process's running time: that of the clock without the gaps in which it stood still. */
    private volatile long now;

    private volatile boolean closed;

    private Heartbeats(int rank, List<Peer> peers, Duration limit, Consumer<String> onLoss) {
        this.rank = rank;
        this.peers = peers;
        this.limit = limit;
        this.interval = limit.dividedBy(BEATS);
        this.onLoss = onLoss;
    }

    /**
     * Connects with all other workers, which call this too, and watches them from then on until the world that comes back is
     * closed. Its collectives name the lost worker when they fail.
     *
     * @param host its name for messages
     * @param start how long to wait for a worker that says nothing at all
     * @param limit within which a lost worker is noticed from then on
     * @param onLoss told once, on a thread of its own, which worker was lost and how; the process should end then, since the
     *     main thread may wait in a collective for as long as that may take
     * @throws dev.jumbo.error.FailureException if a worker cannot be reached, naming it
     */
    public static World watch(World world, String host, Duration start, Duration limit, Consumer<String> onLoss) {
        return world.size() == 1 ? world : new WatchedWorld(world, start(world, host, start, limit, onLoss));
    }

    static Heartbeats start(World world, String host, Duration start, Duration limit, Consumer<String> onLoss) {
        Heartbeats heartbeats = new Heartbeats(world.rank(), Peers.connect(world, host, start, limit), limit, onLoss);
        heartbeats.run("jumbo-heartbeat", heartbeats::beat);
        for (Peer peer : heartbeats.peers) {
            heartbeats.run("jumbo-heartbeat-" + peer.rank, () -> heartbeats.listen(peer));
        }
        return heartbeats;
    }

    private void run(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.setPriority(Thread.MAX_PRIORITY);
        thread.start();
    }

    /** What this worker does, for the messages of all. */
    void doing(Activity next) {
        activity = next;
    }

    /** Says that this worker cannot go on, so that the others need not find out. */
    void fail(String reason, boolean mistake) {
        if (loss.isDone()) {
            return; // Whoever was lost first explains the rest.
        }
        closed = true;
        tellAll((mistake ? MISTAKE : FAILED) + oneLine(reason));
        peers.forEach(Peer::close);
    }

    /** Says that this worker is done. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        tellAll(DONE);
        peers.forEach(Peer::close);
    }

    /** Which worker was lost, and how, waiting a while for the news. */
    Optional<String> awaitLoss() {
        try {
            return Optional.of(loss.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException | ExecutionException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** What all workers do, for the message about a collective that failed though all of them live. */
    String everybody() {
        return "rank " + rank + " in " + activity.describe()
                + peers.stream()
                        .map(peer -> ", rank " + peer.rank + " on " + peer.host
                                + (peer.hasLeft() ? " done" : " in " + peer.doing()))
                        .collect(Collectors.joining());
    }

    private void beat() {
        long last = System.nanoTime();
        while (!closed && !loss.isDone()) {
            tellAll(BEAT + activity.describe());
            for (Peer peer : peers) {
                Duration silence = Duration.ofNanos(now - peer.heardAt());
                if (!peer.hasLeft() && silence.compareTo(limit.minus(interval.multipliedBy(RESERVE))) > 0) {
                    lose(peer, "nothing was heard of it for " + seconds(silence));
                }
            }
            try {
                Thread.sleep(interval.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
            long clock = System.nanoTime();
            now += Math.min(clock - last, interval.multipliedBy(2).toNanos());
            last = clock;
        }
    }

    private void listen(Peer peer) {
        for (String line = peer.read(); line != null; line = peer.read()) {
            if (line.startsWith(BEAT)) {
                peer.heard(line.substring(BEAT.length()), now);
            } else if (line.startsWith(LOST)) {
                lose(line.substring(LOST.length()) + ", says rank " + peer.rank);
            } else if (line.startsWith(FAILED)) {
                lose("rank " + peer.rank + " on " + peer.host + " failed: " + line.substring(FAILED.length()));
            } else if (line.startsWith(MISTAKE)) {
                lose("rank " + peer.rank + " on " + peer.host + IS_GIVEN_WHAT_CANNOT_BE
                        + line.substring(MISTAKE.length()));
            } else if (line.equals(DONE)) {
                peer.leave();
            }
        }
        if (!peer.hasLeft() && !closed) {
            lose(peer, "its connection ended");
        }
    }

    /** Whether a loss is the caller's mistake, which no other start of the same workers would mend. */
    public static boolean isMistake(String loss) {
        return loss.contains(IS_GIVEN_WHAT_CANNOT_BE);
    }

    private void lose(Peer peer, String how) {
        lose("rank " + peer.rank + " on " + peer.host + " is lost: " + how + "; it was last heard of in " + peer.doing()
                + ", while rank " + rank + " is in " + activity.describe());
    }

    private void lose(String message) {
        // One that has said itself that it failed or is done needs no echo of it.
        if (!closed && loss.complete(message)) {
            tellAll(LOST + message);
            onLoss.accept(message);
        }
    }

    private void tellAll(String line) {
        peers.stream().filter(peer -> !peer.hasLeft()).forEach(peer -> peer.send(line));
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s*\\R\\s*", " ");
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 100 / 10.0 + " s";
    }
}

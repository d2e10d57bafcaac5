package dev.jumbo.spark;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.JumboException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/** Whether there is a master of Spark where the user says so: Spark itself asks for more than a minute, and says little. */
final class StandaloneMaster {
    private static final int CONNECT_MILLIS = 5_000;
    private static final long START_SECONDS = 30;
    private static final long POLL_MILLIS = 100;

    private StandaloneMaster() {}

    /**
     * Connects to one of the masters.
     *
     * @throws InputException if no name leads anywhere
     * @throws FailureException if nobody answers
     */
    static void check(String url) {
        String why = "";
        boolean known = false;
        for (String place : url.substring("spark://".length()).split(",")) {
            int colon = place.lastIndexOf(':');
            InetSocketAddress address =
                    new InetSocketAddress(place.substring(0, colon), Integer.parseInt(place.substring(colon + 1)));
            known = known || !address.isUnresolved();
            if (address.isUnresolved()) {
                why = "no machine is known by the name " + address.getHostString();
                continue;
            }
            try (Socket socket = new Socket()) {
                socket.connect(address, CONNECT_MILLIS);
                return;
            } catch (IOException e) {
                why = String.valueOf(e.getMessage());
            }
        }
        String message = "no Spark master at " + url + " (" + why + "): mend --master, or start the master";
        throw known ? new FailureException(message) : new InputException(message);
    }

    /** Waits for a start, but not for ever. */
    static SparkSession inTime(String url, Supplier<SparkSession> start) {
        CompletableFuture<SparkSession> started = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        started.complete(start.get());
                    } catch (RuntimeException e) {
                        started.completeExceptionally(e);
                    }
                },
                "jumbo-spark-start");
        thread.setDaemon(true);
        thread.start();
        try {
            return started.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new FailureException(silent(url), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FailureException("interrupted while Spark was starting", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof JumboException known) {
                throw known;
            }
            throw new FailureException("cannot start Spark at " + url + ": " + e.getCause(), e);
        }
    }

    static String silent(String url) {
        return "no Spark master answers at " + url + " within " + START_SECONDS
                + " s, though something listens there: expected the port of the master (7077 if nothing else was said), not"
                + " that of its page, and the version of Spark in Jumbo's pom.xml";
    }

    /**
     * Waits until the cluster gives an executor.
     *
     * @throws FailureException if it gives none: Spark itself would wait for ever
     */
    static void awaitExecutor(SparkSession session, String url) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        // One of them is the driver.
        while (session.sparkContext().statusTracker().getExecutorInfos().length <= 1) {
            if (session.sparkContext().isStopped() || System.nanoTime() > end) {
                throw new FailureException("the Spark cluster at " + url + " gave no executor within " + START_SECONDS
                        + " s: it has no workers, all are taken by other applications, or they have less memory or fewer"
                        + " cores than --conf asks for; see the master's page");
            }
            try {
                Thread.sleep(POLL_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new FailureException("interrupted while waiting for executors", e);
            }
        }
    }
}

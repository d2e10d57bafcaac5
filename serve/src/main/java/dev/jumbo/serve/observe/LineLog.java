package dev.jumbo.serve.observe;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each request, to the log {@value #NAME}, written by a thread of its own: where the log is slower than the requests, lines
 * are lost and counted, and no request waits.
 */
final class LineLog implements AutoCloseable {
    static final String NAME = "dev.jumbo.serve.requests";
    private static final Logger LOG = LoggerFactory.getLogger(NAME);
    private static final int MOST = 8192;
    private static final int FAILED = 400;

    private final ObserveConfig config;
    private final BlockingQueue<RequestLine> lines = new ArrayBlockingQueue<>(MOST);
    private final AtomicLong lost = new AtomicLong();
    private final Thread writer;
    private volatile boolean closed;

    LineLog(ObserveConfig config) {
        this.config = config;
        writer = new Thread(this::write, "jumbo-request-log");
        writer.setDaemon(true);
        if (config.requestLog() != LogFormat.OFF) {
            writer.start();
        }
    }

    boolean wants(int status) {
        return config.requestLog() != LogFormat.OFF
                && (status >= FAILED
                        || config.sample() >= 1
                        || ThreadLocalRandom.current().nextDouble() < config.sample());
    }

    void add(RequestLine line) {
        if (!lines.offer(line)) {
            lost.incrementAndGet();
        }
    }

    private void write() {
        try {
            while (!closed || !lines.isEmpty()) {
                RequestLine line = lines.poll(100, TimeUnit.MILLISECONDS);
                long missing = lost.getAndSet(0);
                if (missing > 0) {
                    LOG.warn("{} lines lost: the log is slower than the requests", missing);
                }
                if (line != null) {
                    LOG.info("{}", config.requestLog() == LogFormat.JSON ? line.json() : line.text());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        }
    }

    /** Writes what is there, for a second at most. */
    @Override
    public void close() {
        closed = true;
        try {
            writer.join(TimeUnit.SECONDS.toMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

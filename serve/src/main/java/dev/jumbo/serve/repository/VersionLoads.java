package dev.jumbo.serve.repository;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.repository.disk.FoundVersion;
import dev.jumbo.serve.repository.load.Trial;
import dev.jumbo.serve.repository.load.VersionOpener;
import dev.jumbo.serve.repository.settings.RepositoryConfig;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.train.Predictor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens and tries versions on threads of its own, a bounded number at once, and closes them again. */
final class VersionLoads implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VersionLoads.class);
    private static final long CLOSING_SECONDS = 10;

    private final RepositoryConfig config;
    private final VersionOpener opener;
    private final ExecutorService loaders = Executors.newCachedThreadPool(task -> thread(task, "jumbo-load"));
    private final ExecutorService closer = Executors.newSingleThreadExecutor(task -> thread(task, "jumbo-unload"));
    private final ScheduledExecutorService watch =
            Executors.newSingleThreadScheduledExecutor(task -> thread(task, "jumbo-load-watch"));
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private int running;

    VersionLoads(RepositoryConfig config, VersionOpener opener) {
        this.config = config;
        this.opener = opener;
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** What comes of a load. One of the first two is called, once; the last one, once, when its memory is free. */
    interface Outcome {
        void loaded(Opened opened);

        /** @param mayBeCopying whether files that are not whole yet explain it */
        void failed(String reason, boolean mayBeCopying);

        void released();
    }

    /** A version that has passed its trial. */
    final class Opened {
        private final ServedModel model;
        private final Runnable released;

        private Opened(ServedModel model, Runnable released) {
            this.model = model;
            this.released = released;
        }

        ServedModel model() {
            return model;
        }

        /** Frees it, off the calling thread. */
        void close() {
            closeLater(() -> {});
        }

        /** As {@link #close}. @param then runs behind it */
        void closeLater(Runnable then) {
            Runnable end = () -> {
                free(model.predictor());
                released.run();
                then.run();
            };
            try {
                closer.execute(end);
            } catch (RejectedExecutionException e) {
                end.run(); // The repository is closed.
            }
        }
    }

    private static void free(Predictor predictor) {
        try {
            predictor.close();
            NativeMemory.trim();
        } catch (Throwable e) { // an Error too must not keep a version draining for ever
            LOG.error("a model did not give its memory back", e);
        }
    }

    /** Loads when one of the places is free. */
    void begin(VersionLife.Loading loading, Outcome outcome) {
        synchronized (waiting) {
            waiting.add(() -> run(loading, outcome));
            startNext();
        }
    }

    private void startNext() {
        while (running < config.loadsAtOnce() && !waiting.isEmpty()) {
            running++;
            loaders.execute(waiting.remove());
        }
    }

    private void leavePlace() {
        synchronized (waiting) {
            running--;
            startNext();
        }
    }

    private void run(VersionLife.Loading loading, Outcome outcome) {
        // Whoever comes first, the end of the load or the end of its time, says what has come of it and leaves the
        // place.
        AtomicBoolean told = new AtomicBoolean();
        ScheduledFuture<?> late = watch.schedule(
                () -> {
                    if (told.compareAndSet(false, true)) {
                        leavePlace();
                        outcome.failed(
                                String.format(
                                        Locale.ROOT,
                                        "it did not answer its trial within %.1f s (serve.repository.load_seconds)",
                                        config.loadSeconds()),
                                false);
                    }
                },
                Math.round(config.loadSeconds() * 1000),
                TimeUnit.MILLISECONDS);
        Predictor predictor = null;
        String reason = "";
        boolean mayBeCopying = true;
        boolean good = false;
        try {
            FoundVersion from = loading.from;
            if (loading.abandoned) {
                throw new FailureException("nobody waits for it any more");
            }
            VersionOpener.Opened opened = opener.open(from);
            predictor = opened.predictor();
            mayBeCopying = false;
            loading.warming = true;
            ServedModel model = ServedModel.of(from.model(), from.version(), predictor);
            Trial.require(model, opened.recorded(), from.directory(), config.answerSeconds());
            if (told.compareAndSet(false, true)) {
                good = true;
                late.cancel(false);
                leavePlace();
                outcome.loaded(new Opened(model, outcome::released));
                return;
            }
        } catch (InputException | FailureException e) {
            reason = spoken(e, loading.from);
        } catch (Throwable e) { // also an Error, of memory or a damaged class: it must be told, or the load would never
            // end
            LOG.error("model {} version {}: loading failed", loading.from.model(), loading.from.version(), e);
            reason = "it cannot be loaded; the log of the server says more";
        } finally {
            if (!good) {
                late.cancel(false);
                if (predictor != null) {
                    free(predictor);
                }
                outcome.released();
            }
        }
        if (told.compareAndSet(false, true)) {
            leavePlace();
            outcome.failed(reason, mayBeCopying);
        }
    }

    /** Without the place in this machine's files. */
    private static String spoken(RuntimeException e, FoundVersion from) {
        return String.valueOf(e.getMessage())
                .replace(from.directory().toString() + "/", "")
                .replace(from.directory().toString(), "here");
    }

    /** Waits until what is to be closed is closed. */
    @Override
    public void close() {
        synchronized (waiting) {
            waiting.clear();
        }
        watch.shutdownNow();
        loaders.shutdown();
        closer.shutdown();
        try {
            closer.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // ends sooner
        }
    }
}

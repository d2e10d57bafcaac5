package dev.jumbo.serve.repository;

import dev.jumbo.serve.repository.canary.CanaryOutcomes;
import dev.jumbo.serve.repository.canary.CanaryTrial;
import dev.jumbo.serve.repository.disk.FoundVersion;
import dev.jumbo.serve.repository.load.ModelMemory;
import dev.jumbo.serve.repository.load.VersionOpener;
import dev.jumbo.serve.repository.settings.RepositoryConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of a repository and what is under way with each: what is to be loaded is, what is loaded begins to answer, what is replaced
 * ends. All of it happens with one lock, which no request takes and nothing slow is done with.
 */
final class Lives implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lives.class);

    /** Guards all but the routing of each model. */
    final Object lock = new Object();

    /** What becomes of canaries. */
    final Canaries canaries = new Canaries(this);

    /** By name; read without the lock too. */
    final Map<String, ModelLife> models = new ConcurrentSkipListMap<>();

    final long settleNanos;
    private final RepositoryConfig config;
    private final VersionLoads loads;
    private final ModelMemory memory;
    private final VersionOpener opener;
    private final BiConsumer<CanaryTrial, CanaryTrial.Verdict> verdicts;
    private final CanaryOutcomes outcomes;
    private final Set<String> awaited = new HashSet<>();
    private final List<Asked> asked = new ArrayList<>();
    private boolean closed;
    private volatile boolean ready;

    /** A call of load that waits for its end. */
    private record Asked(String model, CompletableFuture<Void> done) {}

    /** @param later runs what is not to be done on the thread of a request */
    Lives(RepositoryConfig config, VersionOpener opener, ModelMemory memory, Executor later) {
        this.config = config;
        this.opener = opener;
        this.memory = memory;
        settleNanos = Math.round(config.settleSeconds() * 1e9);
        loads = new VersionLoads(config, opener);
        outcomes = new CanaryOutcomes(config.stateFile());
        verdicts = (trial, verdict) -> later.execute(() -> canaries.judged(trial, verdict));
    }

    /** The life of a model, which begins if there is none. */
    ModelLife life(String model) {
        return models.computeIfAbsent(model, name -> new ModelLife(name, verdicts, outcomes));
    }

    /** The server is ready when these answer. */
    void await(Collection<String> names) {
        awaited.addAll(names);
        ready |= awaited.isEmpty();
    }

    boolean isReady() {
        return ready;
    }

    /** Waits until the server is ready, or for some time at most. */
    void awaitReady(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        synchronized (lock) {
            long left = millis;
            while (!ready && left > 0) {
                lock.wait(left);
                left = (end - System.nanoTime()) / 1_000_000;
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Completes when nothing of a model is under way any more. */
    void tell(String model, CompletableFuture<Void> done) {
        asked.add(new Asked(model, done));
    }

    /** Begins and ends what is to begin and end for a model now. */
    void advance(ModelLife model) {
        if (model.isConfigured()) {
            List<VersionLife> chosen = choose(model);
            for (VersionLife life : model.superfluous(chosen)) {
                end(model, life);
            }
        }
        if (model.isEmptyAfterCleaning()) {
            if (models.remove(model.name, model) && model.loads > 0 && !closed) {
                LOG.warn("model {}: no version of it is left in the repository, and it is unloaded", model.name);
            }
            awaited.remove(model.name);
        }
        settle(model);
    }

    /** Starts the loads that are missing; one for which there is no memory makes room for an older version. */
    private List<VersionLife> choose(ModelLife model) {
        while (true) {
            long now = System.nanoTime();
            List<VersionLife> chosen = model.chosen(config.versions(), now, settleNanos);
            boolean refused = false;
            for (VersionLife life : chosen) {
                if (life.isNews()
                        && life.loading == null
                        && life.onDisk(now, settleNanos) == VersionState.FOUND
                        && !start(model, life)) {
                    refused |= life.loaded == null;
                }
            }
            if (!refused) {
                return chosen;
            }
        }
    }

    private boolean start(ModelLife model, VersionLife life) {
        FoundVersion from = Objects.requireNonNull(life.disk, "it was found");
        VersionLife.Loading loading = new VersionLife.Loading(from);
        Optional<String> refused = memory.take(loading, model.name + " " + life.name, opener.memory(from));
        if (refused.isPresent()) {
            if (!life.isToldOfMemory()) {
                model.failures++;
                LOG.error(
                        "model {} version {}: not loaded{}: {}",
                        model.name,
                        life.name,
                        life.loaded == null ? "" : " anew, and what its directory held before goes on",
                        refused.get());
            }
            life.failForMemory(from.stamp(), refused.get());
            return false;
        }
        life.begin(loading);
        LOG.info("model {} version {}: loading", model.name, life.name);
        loads.begin(loading, new VersionLoads.Outcome() {
            @Override
            public void loaded(VersionLoads.Opened opened) {
                loadedNow(model, life, loading, opened);
            }

            @Override
            public void failed(String reason, boolean mayBeCopying) {
                failedNow(model, life, loading, reason, mayBeCopying);
            }

            @Override
            public void released() {
                memory.giveBack(loading);
                retryForMemory();
            }
        });
        return true;
    }

    private void loadedNow(ModelLife model, VersionLife life, VersionLife.Loading loading, VersionLoads.Opened opened) {
        synchronized (lock) {
            memory.loaded(loading);
            if (loading.abandoned || closed) {
                opened.close();
                return;
            }
            life.loading = null;
            LoadedVersion before = life.loaded;
            life.draining += before == null ? 0 : 1;
            life.loaded = new LoadedVersion(opened.model(), () -> opened.closeLater(() -> gone(model, life)));
            life.loadedContent = loading.from.content();
            model.loads++;
            Routing old = model.routing;
            model.publish();
            LOG.info(
                    "model {} version {}: ready{}{}",
                    model.name,
                    life.name,
                    before == null ? "" : ", in place of what its directory held before",
                    model.routing.standard() != null && !model.routing.sameStandard(old)
                            ? "; it answers where no version is named"
                            : "");
            if (before != null) {
                before.retire();
            }
            advance(model);
        }
    }

    private void failedNow(
            ModelLife model, VersionLife life, VersionLife.Loading loading, String reason, boolean mayBeCopying) {
        synchronized (lock) {
            if (loading.abandoned) {
                return;
            }
            life.loading = null;
            life.fail(loading.from.stamp(), reason, mayBeCopying);
            VersionState state = life.onDisk(System.nanoTime(), settleNanos);
            if (state == VersionState.COPYING) {
                LOG.info("model {} version {}: not whole yet: {}", model.name, life.name, reason);
            } else {
                model.failures++;
                LOG.error(
                        "model {} version {}: {}: {}",
                        model.name,
                        life.name,
                        life.loaded == null
                                ? "it will not answer"
                                : "what its directory holds now will not answer, and what it held before goes on",
                        reason);
            }
            advance(model);
        }
    }

    /** Takes a version out of service. */
    private void end(ModelLife model, VersionLife life) {
        LoadedVersion loaded = Objects.requireNonNull(life.loaded, "it answers");
        life.loaded = null;
        life.loadedContent = "";
        life.draining++;
        model.publish();
        LOG.info("model {} version {}: draining, {} requests in flight", model.name, life.name, loaded.inUse());
        loaded.retire();
    }

    /** The memory of a version is given back. */
    private void gone(ModelLife model, VersionLife life) {
        synchronized (lock) {
            life.draining--;
            LOG.info("model {} version {}: unloaded", model.name, life.name);
            advance(model);
        }
    }

    private void retryForMemory() {
        synchronized (lock) {
            for (ModelLife model : List.copyOf(models.values())) {
                boolean waits = false;
                for (VersionLife life : model.versions.values()) {
                    if (life.isShortOfMemory()) {
                        life.forget();
                        waits = true;
                    }
                }
                if (waits && !closed) {
                    advance(model);
                }
            }
        }
    }

    /** Tells those who wait for a model, and whether the server is ready, what has come of it. */
    private void settle(ModelLife model) {
        if (model.routing.standard() != null) {
            awaited.remove(model.name);
        }
        ready |= awaited.isEmpty();
        lock.notifyAll();
        long now = System.nanoTime();
        model.unsettled = model.isBusy(now, settleNanos);
        if (model.unsettled) {
            return;
        }
        asked.removeIf(call -> {
            if (!call.model().equals(model.name)) {
                return false;
            }
            RuntimeException error = LoadResult.of(model, now, settleNanos);
            if (error == null) {
                call.done().completeAsync(() -> null);
            } else {
                CompletableFuture.runAsync(() -> call.done().completeExceptionally(error));
            }
            return true;
        });
    }

    /** Ends every version, when the requests that it has are answered, and waits for the memory. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            ready = false;
            for (ModelLife model : models.values()) {
                model.wanted = false;
                for (VersionLife life : model.versions.values()) {
                    if (life.loaded != null) {
                        end(model, life);
                    }
                }
            }
        }
        loads.close();
    }
}

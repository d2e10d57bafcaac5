package dev.jumbo.serve.repository;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.serve.repository.disk.FoundConfig;
import dev.jumbo.serve.repository.disk.FoundVersion;
import dev.jumbo.serve.repository.disk.RepositoryScan;
import dev.jumbo.serve.repository.load.AvailableMemory;
import dev.jumbo.serve.repository.load.MemoryBudget;
import dev.jumbo.serve.repository.load.SavedVersions;
import dev.jumbo.serve.repository.load.VersionOpener;
import dev.jumbo.serve.repository.settings.RepositoryConfig;
import dev.jumbo.serve.wire.Refusal;
import dev.jumbo.train.infer.EngineChoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Models in a directory, {@code NAME/VERSION/}: a checkpoint, the directory of a run or an ONNX model each. Versions come and go while
 * requests are answered: one is loaded beside the others, within a budget of memory, is tried, and only then answers, from one moment
 * on; the one that it replaces ends the requests that it has and gives its memory back. One that is damaged, does not answer, or not
 * with finite numbers in time, never answers; what answered before goes on.
 */
public final class Repository implements ServedModels, ModelControl, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Repository.class);

    private final RepositoryConfig config;
    private final RepositoryScan scan;
    private final VersionLoads loads;
    private final MemoryBudget budget;
    private final VersionOpener opener;
    private final long settleNanos;
    private final ScheduledExecutorService looks;

    /** Guards all but the routing of each model. */
    private final Object lock = new Object();

    private final Map<String, ModelLife> models = new ConcurrentSkipListMap<>();
    private final Set<String> awaited = new HashSet<>();
    private final List<Asked> asked = new ArrayList<>();
    private boolean closed;
    private volatile boolean ready;

    /** A call of load that waits for its end. */
    private record Asked(String model, CompletableFuture<Void> done) {}

    private Repository(RepositoryScan scan, RepositoryConfig config, VersionOpener opener, MemoryBudget budget) {
        this.scan = scan;
        this.config = config;
        this.opener = opener;
        this.budget = budget;
        settleNanos = nanos(config.settleSeconds());
        loads = new VersionLoads(config, opener);
        looks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "jumbo-repository");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Reads the directory once and begins to load.
     *
     * @throws InputException if there is no such directory, or a model that is to be loaded is not there
     */
    public static Repository open(Path directory, RepositoryConfig config) {
        return open(directory, config, new SavedVersions(EngineChoice.AUTO));
    }

    /** As {@link #open(Path, RepositoryConfig)}. @param opener makes predictors of files */
    public static Repository open(Path directory, RepositoryConfig config, VersionOpener opener) {
        RepositoryScan scan = RepositoryScan.of(directory);
        MemoryBudget budget = new MemoryBudget(config.memoryBytes(), AvailableMemory::bytes);
        Repository opened = new Repository(scan, config, opener, budget);
        opened.begin();
        return opened;
    }

    private void begin() {
        List<String> there = scan.models();
        List<String> first = config.mode() == RepositoryConfig.Mode.EXPLICIT ? config.load() : there;
        if (first.equals(List.of("*"))) {
            first = there;
        }
        for (String model : first) {
            if (!there.contains(model)) {
                throw new InputException(
                        "serve.repository.load: no such model \"" + model + "\"" + Nearest.hint(model, there));
            }
        }
        synchronized (lock) {
            first.forEach(model -> life(model).wanted = true);
            awaited.addAll(first);
            if (first.isEmpty() && config.mode() != RepositoryConfig.Mode.EXPLICIT) {
                LOG.warn("there is no model in the repository yet");
            }
        }
        look();
        synchronized (lock) {
            ready |= awaited.isEmpty();
        }
        long period = nanos(config.pollSeconds());
        looks.scheduleWithFixedDelay(this::lookSafely, period, period, TimeUnit.NANOSECONDS);
    }

    private ModelLife life(String model) {
        return models.computeIfAbsent(model, ModelLife::new);
    }

    // ---- looking ----------------------------------------------------------------------------------------------------

    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) { // the next look may see more; ending here would be silent
            LOG.warn("the repository cannot be read: {}; what answers goes on answering", e.getMessage());
        }
    }

    private void look() {
        if (config.mode() == RepositoryConfig.Mode.POLL) {
            Set<String> all = new HashSet<>(scan.models());
            all.addAll(models.keySet());
            all.forEach(model -> look(model, true));
            return;
        }
        for (ModelLife model : List.copyOf(models.values())) {
            boolean under;
            synchronized (lock) {
                under = model.wanted && model.unsettled;
            }
            if (under) {
                look(model.name, true);
            }
        }
    }

    /** Reads a model's directory, without the lock, and goes on from there. @param wanted whether it is to be loaded */
    private void look(String model, boolean wanted) {
        Map<String, FoundVersion> found = scan.versions(model);
        FoundConfig settings = scan.config(model);
        synchronized (lock) {
            if (closed || found.isEmpty() && !models.containsKey(model)) {
                return;
            }
            ModelLife life = life(model);
            life.wanted |= wanted;
            life.see(settings, settleNanos);
            life.see(found, System.nanoTime());
            advance(life);
        }
    }

    // ---- the life of versions, with the lock ------------------------------------------------------------------------

    /** Begins and ends what is to begin and end for a model now. */
    private void advance(ModelLife model) {
        if (model.isConfigured()) {
            List<VersionLife> chosen = choose(model);
            for (VersionLife life : model.superfluous(chosen)) {
                end(model, life);
            }
        }
        if (model.isEmptyAfterCleaning()) {
            models.remove(model.name, model);
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
        Optional<String> refused = budget.take(loading, model.name + " " + life.name, opener.memory(from));
        if (refused.isPresent()) {
            if (!life.isToldOfMemory()) {
                LOG.error("model {} version {}: not loaded: {}", model.name, life.name, refused.get());
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
                budget.giveBack(loading);
                retryForMemory();
            }
        });
        return true;
    }

    private void loadedNow(ModelLife model, VersionLife life, VersionLife.Loading loading, VersionLoads.Opened opened) {
        synchronized (lock) {
            budget.loaded(loading);
            if (loading.abandoned || closed) {
                opened.close();
                return;
            }
            life.loading = null;
            LoadedVersion before = life.loaded;
            life.draining += before == null ? 0 : 1;
            life.loaded = new LoadedVersion(opened.model(), () -> opened.closeLater(() -> gone(model, life)));
            life.loadedContent = loading.from.content();
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
                LOG.error("model {} version {}: it will not answer: {}", model.name, life.name, reason);
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

    // ---- requests ---------------------------------------------------------------------------------------------------

    @Override
    public Lease lease(String model, @Nullable String version) {
        ModelLife life = models.get(model);
        if (life == null) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND, "no such model" + Nearest.hint(model, List.copyOf(models.keySet())));
        }
        while (true) {
            Routing routing = life.routing;
            LoadedVersion loaded =
                    version == null ? routing.standard() : routing.ready().get(version);
            if (loaded == null) {
                throw refusal(life, version);
            }
            Lease lease = loaded.lease();
            if (lease != null) {
                return lease;
            }
            // It was retired between the two lines, after a routing without it was published.
        }
    }

    private Refusal refusal(ModelLife model, @Nullable String version) {
        synchronized (lock) {
            long now = System.nanoTime();
            VersionLife life = version == null ? null : model.versions.get(version);
            if (version != null && life == null) {
                return new Refusal(
                        Refusal.Reason.NOT_FOUND,
                        "no such version of \"" + model.name + "\""
                                + Nearest.hint(
                                        version,
                                        List.copyOf(model.routing.ready().keySet())));
            }
            boolean coming = (life == null ? model.versions.values() : List.of(life))
                    .stream().anyMatch(v -> v.loading != null || v.state(now, settleNanos) == VersionState.COPYING);
            String which = "the model \"" + model.name + "\"" + (version == null ? "" : " version \"" + version + "\"");
            return new Refusal(
                    Refusal.Reason.UNAVAILABLE,
                    which + (coming ? " is being loaded; try again later" : " is not loaded; the index says why"));
        }
    }

    @Override
    public List<String> names() {
        return List.copyOf(models.keySet());
    }

    @Override
    public List<String> versions(String model) {
        ModelLife life = models.get(model);
        if (life == null) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND, "no such model" + Nearest.hint(model, List.copyOf(models.keySet())));
        }
        return List.copyOf(life.routing.ready().keySet());
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    @Override
    public ModelControl control() {
        return this;
    }

    // ---- the operator -----------------------------------------------------------------------------------------------

    @Override
    public List<IndexEntry> index(boolean readyOnly) {
        if (config.mode() == RepositoryConfig.Mode.EXPLICIT) {
            // Models that nobody has asked for are on the disk all the same.
            for (String model : scan.models()) {
                ModelLife life = models.get(model);
                if (life == null || !life.wanted) { // A wanted one changes when it is asked for.
                    look(model, false);
                }
            }
        }
        List<IndexEntry> entries = new ArrayList<>();
        synchronized (lock) {
            long now = System.nanoTime();
            for (ModelLife model : models.values()) {
                String error = model.misconfigured();
                for (VersionLife life : model.versions.values()) {
                    VersionState state = life.state(now, settleNanos);
                    if (!readyOnly || state == VersionState.READY) {
                        String reason = error == null ? life.reason(now, settleNanos) : error;
                        entries.add(new IndexEntry(model.name, life.name, state, reason));
                    }
                }
            }
        }
        return entries;
    }

    @Override
    public CompletableFuture<Void> load(String model, Map<String, ?> parameters) {
        if (config.mode() == RepositoryConfig.Mode.NONE) {
            throw new InputException("expected serve.repository.mode explicit or poll to load a model, it is none");
        }
        for (String parameter : parameters.keySet()) {
            throw new InputException("unknown parameter \"" + parameter
                    + "\" of load: what a model is, its directory and its " + RepositoryScan.CONFIG + " say");
        }
        if (scan.model(model) == null || scan.versions(model).isEmpty()) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND, "no such model in the repository" + Nearest.hint(model, scan.models()));
        }
        look(model, true); // What is gone is gone when it is not seen twice.
        CompletableFuture<Void> done = new CompletableFuture<>();
        Asked call = new Asked(model, done);
        synchronized (lock) {
            life(model).versions.values().forEach(VersionLife::forget);
            asked.add(call);
        }
        try {
            look(model, true);
        } catch (RuntimeException e) {
            synchronized (lock) {
                asked.remove(call);
            }
            throw e;
        }
        return done;
    }

    @Override
    public void unload(String model, boolean dependents) {
        if (config.mode() != RepositoryConfig.Mode.EXPLICIT) {
            throw new InputException("expected serve.repository.mode explicit to unload a model by a call, it is "
                    + config.mode().name().toLowerCase(Locale.ROOT)
                    + ": remove its directory, or say in its " + RepositoryScan.CONFIG + " which versions answer");
        }
        synchronized (lock) {
            ModelLife life = models.get(model);
            if (life == null) {
                throw new Refusal(
                        Refusal.Reason.NOT_FOUND, "no such model" + Nearest.hint(model, List.copyOf(models.keySet())));
            }
            life.wanted = false;
            for (VersionLife version : life.versions.values()) {
                if (version.loading != null) {
                    version.loading.abandoned = true;
                    version.loading = null;
                }
            }
            advance(life);
        }
    }

    /** Ends every version, when the requests that it has are answered, and waits for the memory. */
    @Override
    public void close() {
        looks.shutdownNow();
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

    private static long nanos(double seconds) {
        return Math.round(seconds * TimeUnit.SECONDS.toNanos(1));
    }
}

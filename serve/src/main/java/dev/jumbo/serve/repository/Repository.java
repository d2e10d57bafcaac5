package dev.jumbo.serve.repository;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.serve.repository.disk.FoundConfig;
import dev.jumbo.serve.repository.disk.FoundVersion;
import dev.jumbo.serve.repository.disk.RepositoryScan;
import dev.jumbo.serve.repository.load.AvailableMemory;
import dev.jumbo.serve.repository.load.ModelMemory;
import dev.jumbo.serve.repository.load.SavedVersions;
import dev.jumbo.serve.repository.load.VersionOpener;
import dev.jumbo.serve.repository.settings.CanarySettings;
import dev.jumbo.serve.repository.settings.RepositoryConfig;
import dev.jumbo.serve.wire.Refusal;
import dev.jumbo.train.infer.EngineChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
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
    private final Lives lives;
    private final ScheduledExecutorService looks;

    private Repository(RepositoryScan scan, RepositoryConfig config, VersionOpener opener) {
        this.scan = scan;
        this.config = config;
        looks = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "jumbo-repository");
            thread.setDaemon(true);
            return thread;
        });
        lives = new Lives(config, opener, new ModelMemory(config.memoryBytes(), AvailableMemory::bytes), this::later);
    }

    private void later(Runnable task) {
        try {
            looks.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("closed before {}", task);
        }
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
        Repository opened = new Repository(RepositoryScan.of(directory), config, opener);
        opened.begin();
        return opened;
    }

    /**
     * Waits for the models that are there at the start, so that a server that begins then has them to warm up with.
     *
     * @param most how long at most; it begins with what there is then, and is ready when the rest is
     */
    public Repository awaitReady(Duration most) {
        try {
            lives.awaitReady(most.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // begins sooner
        }
        return this;
    }

    private void begin() {
        List<String> there = scan.models();
        List<String> first = config.mode() == RepositoryConfig.Mode.EXPLICIT ? config.load() : there;
        if (first.equals(List.of("*"))) {
            first = there;
        }
        for (String model : first) {
            if (!there.contains(model)) {
                throw new InputException("serve.repository.load: no such model \"" + model + "\"" + hint(model, there));
            }
        }
        if (first.isEmpty() && config.mode() != RepositoryConfig.Mode.EXPLICIT) {
            LOG.warn("there is no model in the repository yet");
        }
        synchronized (lives.lock) {
            for (String model : first) {
                lives.life(model).wanted = true;
            }
            lives.await(first);
        }
        look();
        lookAtOthers();
        long period = Math.round(config.pollSeconds() * 1e9);
        looks.scheduleWithFixedDelay(this::lookSafely, period, period, TimeUnit.NANOSECONDS);
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
            all.addAll(lives.models.keySet());
            all.forEach(model -> look(model, true));
            return;
        }
        for (ModelLife model : List.copyOf(lives.models.values())) {
            boolean under;
            synchronized (lives.lock) {
                under = model.wanted && model.unsettled;
            }
            if (under) {
                // An operator may have unloaded it since: a look never asks for what nobody asks for any more.
                look(model.name, false);
            }
        }
    }

    /** Models that no operator has asked for are on the disk all the same. One that was asked for changes when it is asked for again. */
    private void lookAtOthers() {
        if (config.mode() != RepositoryConfig.Mode.EXPLICIT) {
            return;
        }
        Set<String> all = new HashSet<>(scan.models());
        all.addAll(lives.models.keySet());
        for (String model : all) {
            ModelLife life = lives.models.get(model);
            if (life == null || !life.wanted) {
                look(model, false);
            }
        }
    }

    /** Reads a model's directory, without the lock, and goes on from there. @param wanted whether it is to be loaded */
    private void look(String model, boolean wanted) {
        Map<String, FoundVersion> found = scan.versions(model);
        FoundConfig settings = scan.config(model);
        synchronized (lives.lock) {
            if (lives.isClosed() || (found.isEmpty() && !lives.models.containsKey(model))) {
                return;
            }
            ModelLife life = lives.life(model);
            life.wanted |= wanted;
            life.see(settings, lives.settleNanos);
            life.see(found, System.nanoTime());
            lives.advance(life);
        }
    }

    // ---- requests ---------------------------------------------------------------------------------------------------

    @Override
    public Lease lease(String model, @Nullable String version) {
        return lease(model, version, null, null);
    }

    @Override
    public Lease lease(String model, @Nullable String version, @Nullable String caller, @Nullable String key) {
        ModelLife life = model(model);
        while (true) {
            Routing routing = life.routing;
            if (!routing.has(version)) {
                throw refusal(life, version);
            }
            Lease lease = routing.lease(version, caller, key);
            if (lease != null) {
                return lease;
            }
            // It was retired between the two lines, after a routing without it was published.
        }
    }

    private static String hint(String name, Collection<String> known) {
        return known.isEmpty() ? "" : Nearest.hint(name, known);
    }

    private ModelLife model(String model) {
        ModelLife life = lives.models.get(model);
        if (life == null) {
            throw new Refusal(Refusal.Reason.NOT_FOUND, "no such model" + hint(model, lives.models.keySet()));
        }
        return life;
    }

    private Refusal refusal(ModelLife model, @Nullable String version) {
        synchronized (lives.lock) {
            long now = System.nanoTime();
            VersionLife life = version == null ? null : model.versions.get(version);
            if (version != null && life == null) {
                return new Refusal(
                        Refusal.Reason.NOT_FOUND,
                        "no such version of \"" + model.name + "\""
                                + hint(
                                        version,
                                        List.copyOf(model.routing.ready().keySet())));
            }
            boolean coming = (life == null ? model.versions.values() : List.of(life))
                    .stream()
                            .anyMatch(
                                    v -> v.loading != null || v.state(now, lives.settleNanos) == VersionState.COPYING);
            String which = "the model \"" + model.name + "\"" + (version == null ? "" : " version \"" + version + "\"");
            return new Refusal(
                    Refusal.Reason.UNAVAILABLE,
                    which + (coming ? " is being loaded; try again later" : " is not loaded; the index says why"));
        }
    }

    @Override
    public List<String> names() {
        return List.copyOf(lives.models.keySet());
    }

    @Override
    public List<String> versions(String model) {
        ModelLife life = model(model);
        return List.copyOf(life.routing.ready().keySet());
    }

    @Override
    public boolean isReady() {
        return lives.isReady();
    }

    @Override
    public ModelControl control() {
        return this;
    }

    // ---- the operator -----------------------------------------------------------------------------------------------

    @Override
    public List<IndexEntry> index(boolean readyOnly) {
        lookAtOthers();
        List<IndexEntry> entries = new ArrayList<>();
        synchronized (lives.lock) {
            long now = System.nanoTime();
            for (ModelLife model : lives.models.values()) {
                String error = model.misconfigured();
                for (VersionLife life : model.versions.values()) {
                    VersionState state = life.state(now, lives.settleNanos);
                    if (!readyOnly || state == VersionState.READY) {
                        String reason = error == null ? reason(model, life, now) : error;
                        entries.add(new IndexEntry(model.name, life.name, state, reason));
                    }
                }
            }
        }
        return entries;
    }

    private String reason(ModelLife model, VersionLife life, long now) {
        String canary = model.canary.said(life);
        return canary.isEmpty() ? life.reason(now, lives.settleNanos) : canary;
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
            throw new Refusal(Refusal.Reason.NOT_FOUND, "no such model in the repository" + hint(model, scan.models()));
        }
        look(model, true); // What is gone is gone when it is not seen twice.
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (lives.lock) {
            lives.life(model).versions.values().forEach(VersionLife::forget);
            lives.tell(model, done);
        }
        look(model, true);
        return done;
    }

    @Override
    public void unload(String model, boolean dependents) {
        if (config.mode() != RepositoryConfig.Mode.EXPLICIT) {
            throw new InputException("expected serve.repository.mode explicit to unload a model by a call, it is "
                    + config.mode().name().toLowerCase(Locale.ROOT)
                    + ": remove its directory, or say in its " + RepositoryScan.CONFIG + " which versions answer");
        }
        synchronized (lives.lock) {
            ModelLife life = model(model);
            life.wanted = false;
            for (VersionLife version : life.versions.values()) {
                if (version.loading != null) {
                    version.loading.abandoned = true;
                    version.loading = null;
                }
            }
            lives.advance(life);
        }
    }

    @Override
    public List<ModelFigures> figures() {
        synchronized (lives.lock) {
            return lives.models.values().stream().map(ModelLife::figures).toList();
        }
    }

    @Override
    public void canary(String model, CanarySettings canary) {
        look(model(model).name, config.mode() == RepositoryConfig.Mode.POLL);
        synchronized (lives.lock) {
            ModelLife life = model(model);
            if (!life.versions.containsKey(canary.version())) {
                throw new Refusal(
                        Refusal.Reason.NOT_FOUND,
                        "no such version of \"" + model + "\"" + hint(canary.version(), life.versions.keySet()));
            }
            life.canary.begin(canary);
            life.publish();
            lives.advance(life);
        }
    }

    @Override
    public void promote(String model) {
        synchronized (lives.lock) {
            ModelLife life = requireCanary(model);
            if (!life.routing.ready().containsKey(String.valueOf(life.canary.version()))) {
                throw new InputException("the canary \"" + life.canary.version() + "\" of \"" + model
                        + "\" does not answer yet; the index says why");
            }
            lives.promote(life, "an operator says so");
        }
    }

    @Override
    public void rollBack(String model) {
        synchronized (lives.lock) {
            lives.rollBack(requireCanary(model), "an operator says so");
        }
    }

    private ModelLife requireCanary(String model) {
        ModelLife life = model(model);
        if (life.canary.version() == null) {
            throw new InputException("expected a model with a canary, \"" + model + "\" has none");
        }
        return life;
    }

    /** Ends every version, when the requests that it has are answered, and waits for the memory. */
    @Override
    public void close() {
        looks.shutdownNow();
        lives.close();
    }
}

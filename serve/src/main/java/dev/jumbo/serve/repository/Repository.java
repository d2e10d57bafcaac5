package dev.jumbo.serve.repository;

import dev.jumbo.error.InputException;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
    private final Looks looks;
    private final ScheduledExecutorService thread;

    private Repository(RepositoryScan scan, RepositoryConfig config, VersionOpener opener) {
        this.scan = scan;
        this.config = config;
        thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread one = new Thread(task, "jumbo-repository");
            one.setDaemon(true);
            return one;
        });
        lives = new Lives(config, opener, new ModelMemory(config.memoryBytes(), AvailableMemory::bytes), this::later);
        looks = new Looks(scan, config.mode(), lives);
    }

    private void later(Runnable task) {
        try {
            thread.execute(task);
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
                throw new InputException(
                        "serve.repository.load: no such model \"" + model + "\"" + Missing.hint(model, there));
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
        looks.look();
        looks.lookAtOthers();
        long period = Math.round(config.pollSeconds() * 1e9);
        thread.scheduleWithFixedDelay(looks::lookSafely, period, period, TimeUnit.NANOSECONDS);
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
                throw Missing.refusal(lives, life, version);
            }
            Lease lease = routing.lease(version, caller, key);
            if (lease != null) {
                return lease;
            }
            // It was retired between the two lines, after a routing without it was published.
        }
    }

    private ModelLife model(String model) {
        ModelLife life = lives.models.get(model);
        if (life == null) {
            throw new Refusal(Refusal.Reason.NOT_FOUND, "no such model" + Missing.hint(model, lives.models.keySet()));
        }
        return life;
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
        looks.lookAtOthers();
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
        if (life.state(now, lives.settleNanos) == VersionState.WARMING) {
            return "warm-up"; // the states of the extension are fewer than those of a version
        }
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
        String unreadable = scan.unreadable();
        if (unreadable != null) {
            throw new Refusal(
                    Refusal.Reason.UNAVAILABLE,
                    "the directory of the repository cannot be read: " + unreadable + "; what is loaded goes on");
        }
        if (scan.model(model) == null || scan.versions(model).isEmpty()) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND, "no such model in the repository" + Missing.hint(model, scan.models()));
        }
        looks.look(model, true); // What is gone is gone when it is not seen twice.
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (lives.lock) {
            ModelLife life = lives.life(model);
            life.wanted = true;
            life.versions.values().forEach(VersionLife::forget);
            lives.tell(model, done);
        }
        looks.look(model, false); // Not wanted any more, if an unload has come between.
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
        looks.look(model(model).name, config.mode() == RepositoryConfig.Mode.POLL);
        synchronized (lives.lock) {
            ModelLife life = model(model);
            lives.canaries.begin(life, canary);
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
            lives.canaries.promote(life, "an operator says so");
        }
    }

    @Override
    public void rollBack(String model) {
        synchronized (lives.lock) {
            lives.canaries.rollBack(requireCanary(model), "an operator says so");
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
        thread.shutdownNow();
        lives.close();
    }
}

package dev.jumbo.serve.repository;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.repository.canary.CanaryOutcomes;
import dev.jumbo.serve.repository.canary.CanaryTrial;
import dev.jumbo.serve.repository.disk.FoundConfig;
import dev.jumbo.serve.repository.disk.FoundVersion;
import dev.jumbo.serve.repository.disk.VersionNames;
import dev.jumbo.serve.repository.settings.ModelSettings;
import dev.jumbo.serve.repository.settings.VersionPolicy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One model: its versions, and which of them are to answer. Guarded by the repository's lock, but for {@link #routing}. */
final class ModelLife {
    private static final Logger LOG = LoggerFactory.getLogger(ModelLife.class);

    final String name;

    /** What requests see. */
    volatile Routing routing = Routing.NONE;

    final Map<String, VersionLife> versions = new TreeMap<>(VersionNames.ORDER);

    /** Its {@code config.yaml}. */
    private ModelSettings config = ModelSettings.NONE;

    /** As it was read last. */
    private FoundConfig settings = FoundConfig.ABSENT;

    private boolean configMissed;
    private @Nullable String misconfigured;
    private boolean configured;

    /** Whether its versions are to be loaded. */
    boolean wanted;

    /** Whether something was under way when it was looked at last. */
    boolean unsettled = true;

    final CanaryLife canary;

    /** Counts since the start. */
    long loads;

    long failures;
    long rollBacks;
    long promotions;

    /** Told of the verdict on a canary. */
    private final BiConsumer<CanaryTrial, CanaryTrial.Verdict> verdicts;

    /**
     * @param verdicts called on threads of requests
     * @param outcomes what came of canaries
     */
    ModelLife(String name, BiConsumer<CanaryTrial, CanaryTrial.Verdict> verdicts, CanaryOutcomes outcomes) {
        this.name = name;
        this.verdicts = verdicts;
        canary = new CanaryLife(outcomes.of(name), outcome -> outcomes.keep(name, outcome));
    }

    /** @param found its {@code config.yaml}; one that changes is not whole perhaps, and what held goes on to hold */
    void see(FoundConfig found, long settleNanos) {
        boolean absent = found.file() == null && found.error() == null;
        boolean vanished = absent && settings.file() != null && !configMissed;
        configMissed = absent;
        boolean fresh = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis() - found.changedMillis()) < settleNanos;
        if (vanished || !absent && fresh || configured && found.equals(settings)) {
            return;
        }
        settings = found;
        configured = true;
        try {
            Path file = found.readable();
            config = file == null ? ModelSettings.NONE : ModelSettings.read(file);
            misconfigured = null;
            canary.configure(config.canary());
            routing = routing.with(config.batching());
        } catch (InputException | FailureException e) {
            misconfigured = spoken(String.valueOf(e.getMessage()), found);
            LOG.error("model {}: {}; nothing of it changes until that is put right", name, misconfigured);
        }
    }

    /** Without the place in this machine's files. */
    private static String spoken(String message, FoundConfig found) {
        Path file = found.file();
        return file == null ? message : message.replace(file.toString(), String.valueOf(file.getFileName()));
    }

    /** Whether it is known what holds for it. */
    boolean isConfigured() {
        return configured && misconfigured == null;
    }

    /** What is wrong with {@code config.yaml}: nothing changes until it is put right. Null if nothing is. */
    @Nullable
    String misconfigured() {
        return misconfigured;
    }

    /** @param found its versions on the disk */
    void see(Map<String, FoundVersion> found, long now) {
        found.forEach((version, at) ->
                versions.computeIfAbsent(version, VersionLife::new).see(at, now));
        versions.forEach((version, life) -> {
            if (!found.containsKey(version)) {
                life.miss();
            }
        });
    }

    /** The versions that are to answer, as far as they can: those that fail or are not whole make room for older ones. */
    List<VersionLife> chosen(VersionPolicy standard, long now, long settleNanos) {
        if (!wanted) {
            return List.of();
        }
        List<String> able = new ArrayList<>();
        List<VersionLife> apart = new ArrayList<>();
        for (VersionLife life : versions.values()) {
            boolean can = life.loaded != null
                    || life.loading != null && !life.loading.abandoned
                    || life.onDisk(now, settleNanos) == VersionState.FOUND;
            if (life.disk == null || !can || canary.isRolledBack(life)) {
                continue;
            }
            // A canary comes beside those that the policy names, and so does one that was promoted.
            boolean beside = life.name.equals(canary.version());
            if (!beside) {
                able.add(life.name);
            }
            if (beside || life.name.equals(canary.promoted())) {
                apart.add(life);
            }
        }
        VersionPolicy policy = config.versions() == null ? standard : config.versions();
        List<String> names = policy.choose(able);
        return versions.values().stream()
                .filter(life -> names.contains(life.name) || apart.contains(life))
                .toList();
    }

    /**
     * Those that answer though others are to: they end when all of these answer, so that there is always one. One that is still on the disk
     * also stays where none of those that are to answer can.
     */
    List<VersionLife> superfluous(List<VersionLife> chosen) {
        boolean replaced = chosen.stream().allMatch(life -> life.loaded != null);
        return versions.values().stream()
                .filter(life -> life.loaded != null && !chosen.contains(life))
                .filter(life -> !wanted || replaced && (life.disk == null || !chosen.isEmpty()))
                .toList();
    }

    /** Shows requests what is loaded now. */
    void publish() {
        Map<String, LoadedVersion> ready = new TreeMap<>(VersionNames.ORDER);
        LoadedVersion standard = null;
        LoadedVersion promoted = null;
        LoadedVersion share = null;
        for (VersionLife life : versions.values()) {
            if (life.loaded == null) {
                continue;
            }
            ready.put(life.name, life.loaded);
            if (life.name.equals(canary.version())) {
                share = life.loaded;
            } else if (!canary.isRolledBack(life)) {
                standard = life.loaded;
                promoted = life.name.equals(canary.promoted()) ? life.loaded : promoted;
            }
        }
        standard = promoted == null ? standard : promoted;
        ready = Collections.unmodifiableMap(ready);
        if (share == null || standard == null) {
            // Alone a canary is what there is.
            routing = new Routing(ready, standard == null ? share : standard, null, null, config.batching());
            return;
        }
        routing = new Routing(ready, standard, share, canary.trial(share, verdicts), config.batching());
    }

    ModelFigures figures() {
        return new ModelFigures(name, routing.ready().size(), loads, failures, rollBacks, promotions, canary.figures());
    }

    /** Forgets versions that are gone. @return whether none is left */
    boolean isEmptyAfterCleaning() {
        versions.values().removeIf(VersionLife::isGone);
        return versions.isEmpty();
    }

    /** Whether something is under way that time alone brings to an end. */
    boolean isBusy(long now, long settleNanos) {
        boolean waits = versions.values().stream()
                .anyMatch(life ->
                        life.loading != null || life.isNews() && life.onDisk(now, settleNanos) == VersionState.COPYING);
        return waits || !configured;
    }
}

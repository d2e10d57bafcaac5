package dev.jumbo.serve.repository;

import dev.jumbo.error.FailureException;
import dev.jumbo.serve.repository.disk.FoundConfig;
import dev.jumbo.serve.repository.disk.FoundVersion;
import dev.jumbo.serve.repository.disk.RepositoryScan;
import dev.jumbo.serve.repository.settings.RepositoryConfig;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees what is on the disk, without the repository's lock, and tells the lives of the models. */
final class Looks {
    private static final Logger LOG = LoggerFactory.getLogger(Looks.class);

    private final RepositoryScan scan;
    private final RepositoryConfig.Mode mode;
    private final Lives lives;

    /** Whether the log says that the directory cannot be read. */
    private boolean toldOfRoot;

    /** Models of which it says that. */
    private final Set<String> toldOf = new HashSet<>();

    Looks(RepositoryScan scan, RepositoryConfig.Mode mode, Lives lives) {
        this.scan = scan;
        this.mode = mode;
        this.lives = lives;
    }

    /** As {@link #look()}, where nobody would see an exception. */
    void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) { // the next look may see more; ending here would be silent
            LOG.warn("the repository cannot be read: {}; what answers goes on answering", e.getMessage());
        }
    }

    /** At all models with {@code poll}; otherwise at those that something is under way with. */
    void look() {
        if (mode != RepositoryConfig.Mode.NONE && !isThere()) {
            return;
        }
        if (mode == RepositoryConfig.Mode.POLL) {
            all().forEach(this::lookSafely);
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

    /** One that cannot be read is no reason not to see the others. */
    private void lookSafely(String model) {
        try {
            look(model, true);
            toldOf.remove(model);
        } catch (FailureException e) {
            if (toldOf.add(model)) {
                LOG.error("model {}: {}; what answers goes on answering", model, e.getMessage());
            }
        }
    }

    /** Whether the directory of all can be read. What is not seen where it cannot is not gone. */
    private boolean isThere() {
        String wrong = scan.unreadable();
        if (wrong != null && !toldOfRoot) {
            LOG.error(
                    "the directory of the repository cannot be read: {}; what is loaded goes on answering, and nothing changes"
                            + " until it can",
                    wrong);
        } else if (wrong == null && toldOfRoot) {
            LOG.warn("the directory of the repository can be read again");
        }
        toldOfRoot = wrong != null;
        return wrong == null;
    }

    /** Models that no operator has asked for are on the disk all the same. One that was asked for changes when it is asked for again. */
    void lookAtOthers() {
        if (mode != RepositoryConfig.Mode.EXPLICIT || scan.unreadable() != null) {
            return;
        }
        for (String model : all()) {
            ModelLife life = lives.models.get(model);
            if (life == null || !life.wanted) {
                look(model, false);
            }
        }
    }

    private Set<String> all() {
        Set<String> all = new HashSet<>(scan.models());
        all.addAll(lives.models.keySet());
        return all;
    }

    /** Reads a model's directory and goes on from there. @param wanted whether it is to be loaded */
    void look(String model, boolean wanted) {
        Map<String, FoundVersion> found = scan.versions(model);
        FoundConfig settings = scan.config(model);
        if (found.isEmpty() && scan.unreadable() != null) {
            return; // It vanished meanwhile.
        }
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
}

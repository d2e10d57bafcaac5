package dev.jumbo.serve.repository;

import dev.jumbo.error.InputException;
import dev.jumbo.serve.repository.canary.CanaryTrial;
import dev.jumbo.serve.repository.settings.CanarySettings;
import dev.jumbo.serve.wire.Refusal;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How canaries end. With the repository's lock, but for {@link #judged}. */
final class Canaries {
    private static final Logger LOG = LoggerFactory.getLogger(Canaries.class);

    private final Lives lives;

    Canaries(Lives lives) {
        this.lives = lives;
    }

    /** A canary has shown what it is worth: on a thread of its own. */
    void judged(CanaryTrial trial, CanaryTrial.Verdict verdict) {
        synchronized (lives.lock) {
            for (ModelLife model : lives.models.values()) {
                if (model.canary.isTrial(trial)) {
                    if (verdict.promoted()) {
                        promote(model, verdict.reason());
                    } else {
                        rollBack(model, verdict.reason());
                    }
                }
            }
        }
    }

    /** A version becomes the canary of its model. */
    void begin(ModelLife model, CanarySettings canary) {
        String version = canary.version();
        if (!model.versions.containsKey(version)) {
            throw new Refusal(
                    Refusal.Reason.NOT_FOUND,
                    "no such version of \"" + model.name + "\"" + Missing.hint(version, model.versions.keySet()));
        }
        LoadedVersion stable = model.routing.standard();
        boolean isStable = stable != null && stable.model().version().equals(version);
        // One that is a canary or was promoted begins anew.
        if (isStable && !version.equals(model.canary.version()) && !version.equals(model.canary.promoted())) {
            List<String> others = model.versions.keySet().stream()
                    .filter(name -> !name.equals(version))
                    .toList();
            throw new InputException("expected another version of \"" + model.name + "\" than \"" + version
                    + "\" as its canary, as that one answers all requests that name none; "
                    + (others.isEmpty() ? "add a second one" : "others are " + String.join(", ", others)));
        }
        model.canary.begin(canary);
        model.publish();
        lives.advance(model);
    }

    /** The canary of a model answers all requests that name no version. */
    void promote(ModelLife model, String reason) {
        LOG.info("model {}: version {} is promoted: {}", model.name, model.canary.version(), reason);
        model.promotions++;
        model.canary.promote();
        model.publish();
        lives.advance(model);
    }

    /** The canary of a model is taken out of service. */
    void rollBack(ModelLife model, String reason) {
        VersionLife life = model.versions.get(String.valueOf(model.canary.version()));
        model.rollBacks++;
        LOG.error("model {}: version {} is rolled back: {}", model.name, model.canary.version(), reason);
        if (life == null) {
            model.canary.begin(null);
        } else {
            model.canary.rollBack(life, reason);
        }
        model.publish();
        lives.advance(model);
    }
}

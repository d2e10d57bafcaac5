package dev.jumbo.serve.repository;

import dev.jumbo.serve.repository.canary.CanaryTrial;
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

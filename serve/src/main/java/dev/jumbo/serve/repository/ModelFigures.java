package dev.jumbo.serve.repository;

import dev.jumbo.serve.repository.canary.CanaryTrial;
import org.jspecify.annotations.Nullable;

/**
 * What has become of the versions of a model since the server was started.
 *
 * @param ready versions that answer
 * @param loaded loads that ended well
 * @param failed loads that did not, those without memory included
 * @param rolledBack canaries that were taken out of service
 * @param promoted canaries that took over
 * @param canary the one that is tried now; null if none is
 */
public record ModelFigures(
        String model,
        int ready,
        long loaded,
        long failed,
        long rolledBack,
        long promoted,
        @Nullable Canary canary) {
    /**
     * A version that is tried.
     *
     * @param weight its share of the requests
     * @param figures since its trial began
     */
    public record Canary(String version, double weight, CanaryTrial.Figures figures) {}
}

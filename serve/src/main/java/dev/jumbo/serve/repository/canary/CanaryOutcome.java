package dev.jumbo.serve.repository.canary;

import org.jspecify.annotations.Nullable;

/**
 * What came of a model's canary.
 *
 * @param settings what {@code config.yaml} said of a canary then; where it says something else, it begins anew
 * @param promoted the version that answers where none is named; null if none was promoted
 * @param rolledBack the version that gets no requests; null if none was rolled back
 * @param content of the version that was rolled back: another content begins anew
 * @param reason why it was
 */
public record CanaryOutcome(
        String settings,
        @Nullable String promoted,
        @Nullable String rolledBack,
        String content,
        String reason) {}

package dev.jumbo.serve.repository;

import dev.jumbo.serve.repository.canary.CanaryOutcome;
import dev.jumbo.serve.repository.canary.CanaryTrial;
import dev.jumbo.serve.repository.settings.CanarySettings;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The canary of a model: what was asked for, and what came of it. Guarded by the repository's lock. */
final class CanaryLife {
    private @Nullable CanarySettings file;
    private @Nullable CanarySettings asked;
    private @Nullable String promoted;
    private @Nullable String rolledBack;
    private String rolledBackContent = "";
    private String reason = "";
    private @Nullable LoadedVersion tried;
    private @Nullable CanaryTrial trial;

    /** What came of it before this server was started, until it is known what {@code config.yaml} says now. */
    private @Nullable CanaryOutcome earlier;

    /** Told of what came of it, null for nothing. */
    private final Consumer<@Nullable CanaryOutcome> kept;

    /** @param earlier what came of it before; null if nothing did */
    CanaryLife(@Nullable CanaryOutcome earlier, Consumer<@Nullable CanaryOutcome> kept) {
        this.earlier = earlier;
        this.kept = kept;
    }

    /** What {@code config.yaml} says; where it says what it said before, what came of it stands. */
    void configure(@Nullable CanarySettings given) {
        CanaryOutcome before = earlier;
        earlier = null;
        if (before != null && before.settings().equals(String.valueOf(given))) {
            file = given;
            asked = null;
            promoted = before.promoted();
            rolledBack = before.rolledBack();
            rolledBackContent = before.content();
            reason = before.reason();
        } else if (before != null || !Objects.equals(given, file)) {
            file = given;
            begin(given);
        }
    }

    /** Begins anew: what came of an earlier one is forgotten. @param given null for none */
    void begin(@Nullable CanarySettings given) {
        asked = given;
        promoted = null;
        rolledBack = null;
        stop();
        kept.accept(null);
    }

    /** The version that is to be given a share; null if none is. */
    @Nullable
    String version() {
        return asked == null ? null : asked.version();
    }

    /** The version that answers wherever none is named, because it was promoted; null if none was. */
    @Nullable
    String promoted() {
        return promoted;
    }

    /** Whether a version has been rolled back, with the content that it has. */
    boolean isRolledBack(VersionLife life) {
        return life.name.equals(rolledBack)
                && (life.disk == null || life.disk.content().equals(rolledBackContent));
    }

    /** Takes the share away for as long as the version is what it is, and nobody begins again. */
    void rollBack(VersionLife life, String why) {
        rolledBack = life.name;
        rolledBackContent = life.loaded == null && life.disk != null ? life.disk.content() : life.loadedContent;
        reason = why;
        asked = null;
        stop();
        kept.accept(new CanaryOutcome(String.valueOf(file), null, rolledBack, rolledBackContent, reason));
    }

    void promote() {
        promoted = version();
        asked = null;
        stop();
        kept.accept(new CanaryOutcome(String.valueOf(file), promoted, null, "", ""));
    }

    private void stop() {
        tried = null;
        trial = null;
    }

    /** The trial of what is loaded: another content begins another one. @param told of the verdict */
    CanaryTrial trial(LoadedVersion loaded, BiConsumer<CanaryTrial, CanaryTrial.Verdict> told) {
        CanarySettings settings = Objects.requireNonNull(asked, "there is a canary");
        if (trial == null || tried != loaded) {
            trial = new CanaryTrial(settings, told);
            tried = loaded;
        }
        return trial;
    }

    /** Whether a trial is the one that goes on. */
    boolean isTrial(CanaryTrial other) {
        return trial == other;
    }

    /** What has been counted of the trial that goes on; null if none does. */
    ModelFigures.@Nullable Canary figures() {
        String version = version();
        return version == null || trial == null
                ? null
                : new ModelFigures.Canary(version, trial.settings().weight(), trial.figures());
    }

    /** What is to be said of a version in the index; empty if nothing. */
    String said(VersionLife life) {
        if (isRolledBack(life)) {
            return "rolled back: " + reason;
        }
        if (!life.name.equals(version())) {
            return life.name.equals(promoted) ? "promoted" : "";
        }
        if (trial == null) {
            return "canary";
        }
        CanaryTrial.Figures now = trial.figures();
        return String.format(
                Locale.ROOT,
                "canary with %.2f %% of the requests: %d, of them %d errors, 99 of 100 within %.2f ms; stable: %d, %d, %.2f ms;"
                        + " %d answers compared, %d differ",
                100 * trial.settings().weight(),
                now.canaryRequests(),
                now.canaryErrors(),
                1e3 * now.canaryP99Seconds(),
                now.stableRequests(),
                now.stableErrors(),
                1e3 * now.stableP99Seconds(),
                now.compared(),
                now.disagreed());
    }
}

package dev.jumbo.serve.repository.settings;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the server looks after a repository of models: {@code serve.repository}.
 *
 * @param memoryBytes null to measure against what the machine, or its control group, has left
 * @param stateFile null to keep nothing beyond the server's end
 */
@Doc("How models and versions of a repository come and go.")
public record RepositoryConfig(
        @Doc(
                "When versions are loaded: none (those there at the start), poll (as they come and go), explicit (when an operator asks).")
        @Default("poll")
        Mode mode,

        @Doc("Seconds between two looks at the directory.") @Default("2.0")
        double pollSeconds,

        @Doc(
                "Which versions answer, where config.yaml of a model does not say: latest, {latest: 2}, all, {named: [\"1\"]}.")
        @Default("latest")
        VersionPolicy versions,

        @Doc("With mode explicit, the models that are loaded at the start; [\"*\"] for all.") @Default("[]")
        List<String> load,

        @Doc("Versions that are loaded at once, beside answering.") @Default("1")
        int loadsAtOnce,

        @Doc(
                "Seconds without any change until a directory that is not whole counts as damaged, and one without a manifest as whole.")
        @Default("3.0")
        double settleSeconds,

        @Doc("Most bytes of all loaded models together; by default what this machine has left when one is loaded.")
        @Default("null")
        @Nullable
        Long memoryBytes,

        @Doc("Seconds until loading a version and its first answers must be done.") @Default("120.0")
        double loadSeconds,

        @Doc("Seconds that one answer to a recorded input may take once the version is warm.") @Default("5.0")
        double answerSeconds,

        @Doc(
                "File in which the server keeps which canaries were rolled back and promoted, each server its own; by default it begins anew when it is started.")
        @Default("null")
        @Nullable
        String stateFile) {
    /** When versions are loaded and unloaded. */
    public enum Mode {
        /** Those that are there at the start, and no others. */
        NONE,
        /** As they come and go. */
        POLL,
        /** When an operator says so. */
        EXPLICIT
    }

    public RepositoryConfig {
        load = List.copyOf(load);
        require(pollSeconds >= 0.05 && pollSeconds <= 86_400, "poll_seconds", "0.05 to 86400", pollSeconds);
        require(loadsAtOnce >= 1 && loadsAtOnce <= 64, "loads_at_once", "1 to 64", loadsAtOnce);
        require(settleSeconds >= 0 && settleSeconds <= 86_400, "settle_seconds", "0 to 86400", settleSeconds);
        require(memoryBytes == null || memoryBytes > 0, "memory_bytes", "more than 0", memoryBytes);
        require(loadSeconds > 0, "load_seconds", "more than 0", loadSeconds);
        require(answerSeconds > 0, "answer_seconds", "more than 0", answerSeconds);
        require(
                load.isEmpty() || mode == Mode.EXPLICIT,
                "load",
                "mode: explicit beside it",
                mode.name().toLowerCase(Locale.ROOT));
    }

    /** Keeps nothing beyond its end. */
    public RepositoryConfig(
            Mode mode,
            double pollSeconds,
            VersionPolicy versions,
            List<String> load,
            int loadsAtOnce,
            double settleSeconds,
            @Nullable Long memoryBytes,
            double loadSeconds,
            double answerSeconds) {
        this(
                mode,
                pollSeconds,
                versions,
                load,
                loadsAtOnce,
                settleSeconds,
                memoryBytes,
                loadSeconds,
                answerSeconds,
                null);
    }

    /** The same, that keeps what came of canaries. */
    public RepositoryConfig withStateFile(String file) {
        return new RepositoryConfig(
                mode,
                pollSeconds,
                versions,
                load,
                loadsAtOnce,
                settleSeconds,
                memoryBytes,
                loadSeconds,
                answerSeconds,
                file);
    }

    /** Looks every two seconds, the newest version answers. */
    public static RepositoryConfig standard() {
        return new RepositoryConfig(Mode.POLL, 2, VersionPolicy.latest(), List.of(), 1, 3, null, 120, 5);
    }

    private static void require(boolean right, String key, String expected, @Nullable Object received) {
        if (!right) {
            throw new InputException("serve.repository." + key + ": expected " + expected + ", received " + received);
        }
    }
}

package dev.jumbo.serve.repository;

import dev.jumbo.error.Nearest;
import dev.jumbo.serve.wire.Refusal;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is said where a version that is asked for does not answer. */
final class Missing {
    private Missing() {}

    /** A name that is nearly the one that was asked for, for the end of a message; empty if there is none. */
    static String hint(String name, Collection<String> known) {
        return known.isEmpty() ? "" : Nearest.hint(name, known);
    }

    /** Why a version does not answer: it is not there, or not yet, or not any more. @param version null for the one that answers where none is named */
    static Refusal refusal(Lives lives, ModelLife model, @Nullable String version) {
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
            Collection<VersionLife> asked = life == null ? model.versions.values() : List.of(life);
            boolean coming = asked.stream()
                    .anyMatch(v -> v.loading != null || v.state(now, lives.settleNanos) == VersionState.COPYING);
            String which = "the model \"" + model.name + "\"" + (version == null ? "" : " version \"" + version + "\"");
            return new Refusal(
                    Refusal.Reason.UNAVAILABLE,
                    which + (coming ? " is being loaded; try again later" : " is not loaded; the index says why"));
        }
    }
}

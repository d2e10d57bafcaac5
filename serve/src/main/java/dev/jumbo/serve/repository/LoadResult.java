package dev.jumbo.serve.repository;

import dev.jumbo.error.InputException;
import dev.jumbo.serve.wire.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is answered to a call of load when nothing of the model is under way any more. */
final class LoadResult {
    private LoadResult() {}

    /** Null if all is as it should be. */
    static @Nullable RuntimeException of(ModelLife model, long now, long settleNanos) {
        if (model.misconfigured() != null) {
            return new InputException(model.misconfigured());
        }
        if (!model.wanted) {
            return new Refusal(
                    Refusal.Reason.CONFLICT,
                    "an unload of \"" + model.name + "\" came before it was loaded; load it again");
        }
        List<String> failed = new ArrayList<>();
        boolean memory = false;
        for (Map.Entry<String, VersionLife> version : model.versions.entrySet()) {
            VersionLife life = version.getValue();
            boolean newer = model.routing.standard() == null || isNewest(model, version.getKey());
            if (newer && life.isNews() && life.onDisk(now, settleNanos) == VersionState.FAILED) {
                failed.add("version \"" + version.getKey() + "\": " + life.reason(now, settleNanos));
                memory |= life.isShortOfMemory();
            }
        }
        if (failed.isEmpty()) {
            return model.routing.standard() == null
                    ? new InputException("no version of \"" + model.name + "\" is one that its policy names")
                    : null;
        }
        String message = String.join("; ", failed)
                + (model.routing.standard() == null
                        ? ""
                        : "; version \"" + model.routing.standard().model().version() + "\" answers");
        return memory ? new Refusal(Refusal.Reason.UNAVAILABLE, message) : new InputException(message);
    }

    private static boolean isNewest(ModelLife model, String version) {
        List<String> all = List.copyOf(model.versions.keySet());
        return all.indexOf(version) >= all.indexOf(lastReady(model));
    }

    private static String lastReady(ModelLife model) {
        String last = "";
        for (String ready : model.routing.ready().keySet()) {
            last = ready;
        }
        return last;
    }
}

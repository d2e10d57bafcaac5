package dev.jumbo.train.infer;

import dev.jumbo.train.checkpoint.Checkpoint;
import org.jspecify.annotations.Nullable;

/**
 * Prepares an engine for a checkpoint. Those of other modules are found by {@link java.util.ServiceLoader}: name the class in {@code
 * META-INF/services/dev.jumbo.train.infer.EngineProvider}.
 */
public interface EngineProvider {
    /** As {@link EngineChoice} names it, in lower case. */
    String name();

    /**
     * An engine, or why there is none. What goes wrong on the way is a reason too: nothing is thrown for a network that cannot be prepared.
     *
     * @param checkpoint whose weights it reads; the engine keeps nothing of it open
     */
    Preparation prepare(Checkpoint checkpoint);

    /**
     * What came of it.
     *
     * @param engine null where there is none
     * @param note why there is none, or what could not be prepared and runs as in training; empty if there is nothing to say
     */
    record Preparation(@Nullable Engine engine, String note) {
        public static Preparation ready(Engine engine) {
            return new Preparation(engine, "");
        }

        public static Preparation ready(Engine engine, String note) {
            return new Preparation(engine, note);
        }

        /** @param reason in words, as in "the layer layers.3 (lstm) cannot be said in ONNX" */
        public static Preparation impossible(String reason) {
            return new Preparation(null, reason);
        }
    }
}

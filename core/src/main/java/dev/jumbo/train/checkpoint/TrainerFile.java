package dev.jumbo.train.checkpoint;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What {@code trainer.json} holds: where training stood, so that it can go on as if it had never stopped. */
public record TrainerFile(
        @Doc("Optimizer steps done.") long step,
        @Doc("The epoch that training was in, from 0.") int epoch,
        @Doc("Batches of that epoch that were done.") int batch,

        @Doc("Examples of that epoch that were done; older files count batches alone.") @Default("null") @Nullable
        Long examples,

        @Doc("Seconds of training so far.") double seconds,
        @Doc("Loss and metrics of the last finished epoch.") Map<String, Double> metrics,

        @Doc("The metric that decides which checkpoint is best.")
        String monitor,

        @Doc("State of the stop condition and of callbacks, by name.")
        Map<String, Map<String, Double>> state,

        @Doc(
                "SHA-256 of parameters and buffers, by which all workers were found to hold the same; none with one worker.")
        @Default("null")
        @Nullable
        String replicas,

        @Doc("What training was asked to do: the settings by name, each as JSON; older files have none.") @Default("{}")
        Map<String, String> settings) {
    public TrainerFile {
        settings = Map.copyOf(settings);
        metrics = Map.copyOf(metrics);
        state = state.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, each -> Map.copyOf(each.getValue())));
    }

    /** As the file holds it. */
    public String toJson() {
        return CheckpointJson.text(TrainerFile.class, this);
    }

    /** What {@link #toJson} gave, as another worker sends it. */
    public static TrainerFile ofJson(String json) {
        return CheckpointJson.parse(TrainerFile.class, "trainer.json", json);
    }
}

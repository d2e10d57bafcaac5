package dev.jumbo.data.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.ConfigDocument;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Preparation of one sort of data on a cluster: {@code jumbo prepare --master}. Implementations are found by {@link
 * java.util.ServiceLoader}; the configuration decides which one runs.
 */
public interface ClusterPreparation {
    /** What a file must have for this preparation, as a user reads it: {@code a section "corpus" for text}. */
    String expected();

    /** Whether a file describes data of this sort. At most one implementation accepts a file. */
    boolean accepts(ConfigDocument document);

    /**
     * Prepares the data. Output appears only when it is complete, and stages that are done are not run again.
     *
     * @throws dev.jumbo.error.InputException if the configuration or the data does not fit
     * @throws dev.jumbo.error.FailureException if the cluster fails
     */
    Result prepare(Job job);

    /**
     * What to do and where.
     *
     * @param document the configuration, whole
     * @param master of the cluster, such as {@code local[*]} or {@code spark://host:7077}
     * @param settings of the cluster's engine, such as {@code spark.executor.memory}
     * @param out the directory of the result
     * @param progress takes lines about what is going on
     */
    record Job(
            ConfigDocument document, String master, Map<String, String> settings, Path out, Consumer<String> progress) {
        public Job {
            settings = Map.copyOf(settings);
        }
    }

    /**
     * What was done.
     *
     * @param text for a person
     * @param report the same for a machine
     */
    record Result(String text, JsonNode report) {}
}

package dev.jumbo.serve.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.serve.repository.settings.BatchingSettings;
import dev.jumbo.serve.repository.settings.RepositoryConfig;
import dev.jumbo.serve.repository.settings.VersionPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code batching} in a model's {@code config.yaml}: read, refused, and read again while it answers. */
@Timeout(60)
class BatchingSettingsTest {
    @TempDir
    Path root;

    @SuppressWarnings("NullAway.Init") // begin opens it
    private Repository repository;

    @BeforeEach
    void begin() throws IOException {
        NumberedModels.add(root, "a", "1");
        NumberedModels.add(root, "b", "1");
        Files.writeString(
                root.resolve("a/config.yaml"),
                "batching: {max_batch_size: 4, max_delay_ms: 2.5, max_queue: 7, priority: 3, timeout_seconds: 0.5}\n");
        repository = Repository.open(
                root,
                new RepositoryConfig(
                        RepositoryConfig.Mode.POLL, 0.05, VersionPolicy.latest(), List.of(), 1, 0, null, 20, 5),
                new NumberedModels());
        RepositoryTest.until(repository::isReady);
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private BatchingSettings of(String model) {
        try (Lease lease = repository.lease(model, null)) {
            return lease.batching();
        }
    }

    @Test
    void a_model_has_what_its_file_says_and_others_have_what_holds_for_all() {
        assertThat(of("a")).isEqualTo(new BatchingSettings(4, 2.5, 7, 3, 0.5));
        assertThat(of("b")).isEqualTo(BatchingSettings.NONE);
    }

    @Test
    void it_is_read_again_while_the_model_answers_and_its_version_stays_loaded() throws IOException {
        long loads = repository.figures().get(0).loaded();
        Files.writeString(root.resolve("a/config.yaml"), "batching: {max_batch_size: 16}\n");
        RepositoryTest.until(() -> of("a").equals(new BatchingSettings(16, null, null, 2, null)));
        Files.delete(root.resolve("a/config.yaml"));
        RepositoryTest.until(() -> of("a").equals(BatchingSettings.NONE));
        assertThat(repository.figures().get(0).loaded()).isEqualTo(loads);
    }

    @Test
    void mistakes_stand_in_the_index_and_what_held_goes_on_to_hold() throws IOException {
        List<List<String>> mistakes = List.of(
                List.of("{max_batch_size: 0}", "batching.max_batch_size: expected 1 to 65536, received 0"),
                List.of("{max_delay_ms: -1}", "batching.max_delay_ms: expected 0 to 1000"),
                List.of("{max_queue: -2}", "batching.max_queue: expected 0 or more"),
                List.of("{priority: 0}", "batching.priority: expected 1 (high), 2 (normal) or 3 (low)"),
                List.of("{timeout_seconds: 0}", "batching.timeout_seconds: expected more than 0"),
                List.of("{max_batch: 8}", "max_batch_size"));
        for (List<String> mistake : mistakes) {
            Files.writeString(root.resolve("a/config.yaml"), "batching: " + mistake.get(0) + "\n");
            RepositoryTest.until(() -> repository.index(false).stream()
                    .anyMatch(entry -> entry.reason().contains(mistake.get(1))));
            assertThat(of("a").maxBatchSize()).isEqualTo(4);
        }
    }
}

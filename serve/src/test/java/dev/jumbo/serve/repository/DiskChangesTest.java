package dev.jumbo.serve.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jumbo.serve.repository.NumberedModels.Numbered;
import dev.jumbo.serve.repository.settings.RepositoryConfig;
import dev.jumbo.serve.repository.settings.VersionPolicy;
import dev.jumbo.serve.wire.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What is said, and what goes on, where directories vanish or hold something else. */
class DiskChangesTest {
    private static final Logger LOG = (Logger) LoggerFactory.getLogger("dev.jumbo.serve.repository");

    private final NumberedModels opener = new NumberedModels();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    @TempDir
    Path parent;

    private Path root;
    private Repository repository;

    @BeforeEach
    void open() throws IOException {
        root = parent.resolve("repository");
        NumberedModels.add(root, "a", "1");
        NumberedModels.add(root, "b", "2");
        lines.start();
        LOG.addAppender(lines);
        repository = open(RepositoryConfig.Mode.POLL);
        RepositoryTest.until(repository::isReady);
    }

    private Repository open(RepositoryConfig.Mode mode) {
        return Repository.open(
                root, new RepositoryConfig(mode, 0.05, VersionPolicy.latest(), List.of(), 1, 0, null, 20, 5), opener);
    }

    @AfterEach
    void close() {
        LOG.detachAppender(lines);
        opener.hold.countDown();
        repository.close();
    }

    /** Warnings and errors, without what is told of loading. */
    private List<String> told() {
        return List.copyOf(lines.list).stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .map(line -> line.getLevel() + " " + line.getFormattedMessage())
                .toList();
    }

    private float answer(String model) {
        try (Lease lease = repository.lease(model, null)) {
            return lease.model().predictor().predict(List.of(new float[1]), 1).get(0)[0];
        }
    }

    @Test
    void a_repository_that_vanishes_takes_nothing_with_it_and_is_told_once_and_once_more_when_it_is_back()
            throws Exception {
        Path gone = Files.move(root, parent.resolve("gone"));
        RepositoryTest.until(() -> !told().isEmpty());
        TimeUnit.MILLISECONDS.sleep(300); // many looks
        assertThat(answer("a") + answer("b")).isEqualTo(3);
        assertThat(repository.isReady()).isTrue();
        assertThatThrownBy(() -> repository.load("a", Map.of()))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.UNAVAILABLE));
        Files.move(gone, root);
        NumberedModels.add(root, "a", "3");
        RepositoryTest.until(() -> answer("a") == 3);
        assertThat(told())
                .containsExactly(
                        "ERROR the directory of the repository cannot be read: it is not there; what is loaded goes on"
                                + " answering, and nothing changes until it can",
                        "WARN the directory of the repository can be read again");
    }

    @Test
    void each_model_that_is_removed_from_a_repository_that_is_there_is_told_and_unloaded() throws IOException {
        CodedModels.delete(root.resolve("b"));
        RepositoryTest.until(() -> repository.names().equals(List.of("a")));
        CodedModels.delete(root.resolve("a"));
        RepositoryTest.until(() -> repository.names().isEmpty());
        assertThat(repository.isReady())
                .as("as at a start with an empty repository")
                .isTrue();
        assertThat(told())
                .containsExactly(
                        "WARN model b: no version of it is left in the repository, and it is unloaded",
                        "WARN model a: no version of it is left in the repository, and it is unloaded");
        assertThat(opener.open).isEmpty();
    }

    @Test
    void a_replacement_that_fails_is_told_as_one_and_what_was_there_goes_on() throws IOException {
        opener.special.put("1", new Numbered(Float.NaN, () -> {}));
        Files.writeString(root.resolve("a/1/model.onnx"), "another content");
        RepositoryTest.until(() -> !told().isEmpty());
        assertThat(answer("a")).isEqualTo(1);
        assertThat(told())
                .containsOnly("ERROR model a version 1: what its directory holds now will not answer, and what it held"
                        + " before goes on: its answers are not finite numbers: training has diverged, or weights are"
                        + " damaged");
    }

    @Test
    void a_load_that_an_unload_comes_before_says_so_and_loads_nothing() throws Exception {
        repository.close();
        repository = open(RepositoryConfig.Mode.EXPLICIT);
        opener.hold = new CountDownLatch(1);
        CompletableFuture<Void> load = repository.load("a", Map.of());
        repository.unload("a", false);
        opener.hold.countDown();
        assertThat(load)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withCauseInstanceOf(Refusal.class)
                .withMessageContaining("an unload of \"a\" came before it was loaded; load it again");
        assertThat(repository.versions("a")).isEmpty();
        repository.load("a", Map.of()).get(20, TimeUnit.SECONDS);
        assertThat(answer("a")).isEqualTo(1);
    }
}

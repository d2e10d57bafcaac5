package dev.jumbo.serve.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.repository.disk.RepositoryScan;
import dev.jumbo.serve.repository.settings.RepositoryConfig;
import dev.jumbo.serve.repository.settings.VersionPolicy;
import dev.jumbo.serve.wire.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Versions on the disk that come, are replaced, are damaged and go, with real checkpoints. */
@Timeout(60)
class RepositoryTest {
    @TempDir
    static Path runs;

    private static Path first;
    private static Path second;
    private static float firstAnswer;
    private static float secondAnswer;

    @TempDir
    Path root;

    @SuppressWarnings("NullAway.Init") // each test opens it
    private Repository repository;

    @BeforeAll
    static void train() {
        first = CodedModels.checkpoint(runs.resolve("first"), 1);
        second = CodedModels.checkpoint(runs.resolve("second"), 2);
        firstAnswer = CodedModels.answer(first);
        secondAnswer = CodedModels.answer(second);
        assertThat(firstAnswer).isNotEqualTo(secondAnswer);
    }

    @BeforeEach
    void beOnTheDisk() throws IOException {
        Files.createDirectories(root.resolve("a"));
    }

    @AfterEach
    void close() {
        if (repository != null) {
            repository.close();
        }
    }

    static RepositoryConfig config(RepositoryConfig.Mode mode, VersionPolicy versions) {
        return new RepositoryConfig(mode, 0.05, versions, List.of(), 1, 0.6, null, 20, 5);
    }

    private void open(VersionPolicy versions) {
        repository = Repository.open(root, config(RepositoryConfig.Mode.POLL, versions));
    }

    private Path version(String name) {
        return root.resolve("a").resolve(name);
    }

    private float answer(@Nullable String version) {
        try (Lease lease = repository.lease("a", version)) {
            return CodedModels.answer(lease);
        }
    }

    private @Nullable VersionState state(String version) {
        return repository.index(false).stream()
                .filter(entry -> entry.version().equals(version))
                .map(IndexEntry::state)
                .findFirst()
                .orElse(null); // not there
    }

    private String reason(String version) {
        return repository.index(false).stream()
                .filter(entry -> entry.version().equals(version))
                .map(IndexEntry::reason)
                .findFirst()
                .orElse("");
    }

    interface Condition {
        boolean holds();
    }

    static void until(Condition condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("it did not happen within 20 s").isLessThan(end);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void the_newest_version_answers_as_its_checkpoint_does_and_older_ones_are_not_loaded() throws IOException {
        CodedModels.copy(first, version("9"));
        CodedModels.copy(second, version("10"));
        open(VersionPolicy.latest());
        until(repository::isReady);
        assertThat(repository.versions("a")).containsExactly("10");
        assertThat(answer(null)).isEqualTo(secondAnswer);
        assertThat(answer("10")).isEqualTo(secondAnswer);
        assertThat(state("9")).isEqualTo(VersionState.FOUND);
        assertThatThrownBy(() -> answer("9"))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.UNAVAILABLE));
        assertThatThrownBy(() -> answer("11"))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.NOT_FOUND));
        assertThatThrownBy(() -> repository.lease("b", null))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.NOT_FOUND));
    }

    @Test
    void a_new_version_takes_over_and_the_old_one_ends_the_requests_that_it_has() throws IOException {
        CodedModels.copy(first, version("1"));
        open(VersionPolicy.latest());
        until(repository::isReady);
        Lease held = repository.lease("a", null);
        CodedModels.copy(second, version("2"));
        until(() -> answer(null) == secondAnswer);
        until(() -> state("1") == VersionState.DRAINING);
        assertThat(CodedModels.answer(held)).isEqualTo(firstAnswer);
        held.close();
        held.close(); // closing twice is closing once
        until(() -> state("1") == VersionState.FOUND);
        assertThat(answer(null)).isEqualTo(secondAnswer);
    }

    @Test
    void all_versions_or_named_ones_answer_where_the_policy_says_so() throws IOException {
        CodedModels.copy(first, version("1"));
        CodedModels.copy(second, version("2"));
        CodedModels.copy(second, version("3"));
        Files.writeString(root.resolve("a/config.yaml"), "versions: {named: [\"1\", \"2\"]}\n");
        open(new VersionPolicy.All());
        until(() -> repository.isReady() && repository.versions("a").equals(List.of("1", "2")));
        assertThat(answer("1")).isEqualTo(firstAnswer);
        assertThat(answer(null)).isEqualTo(secondAnswer);
        Files.delete(root.resolve("a/config.yaml"));
        until(() -> repository.versions("a").equals(List.of("1", "2", "3")));
    }

    @Test
    void a_mistake_in_the_configuration_is_told_with_its_line_and_changes_nothing() throws IOException {
        CodedModels.copy(first, version("1"));
        open(VersionPolicy.latest());
        until(repository::isReady);
        Files.writeString(root.resolve("a/config.yaml"), "# ours\nversion: all\n");
        until(() -> !reason("1").isEmpty());
        assertThat(reason("1"))
                .startsWith("config.yaml:2: ")
                .contains("versions")
                .doesNotContain(root.toString());
        CodedModels.copy(second, version("2"));
        until(() -> state("2") == VersionState.FOUND);
        assertThat(answer(null)).isEqualTo(firstAnswer);
        Files.writeString(root.resolve("a/config.yaml"), "versions: all\n");
        until(() -> repository.versions("a").equals(List.of("1", "2")));
    }

    @Test
    void a_version_without_a_manifest_is_not_yet_one_while_it_changes_and_damaged_when_it_stands_still()
            throws IOException, InterruptedException {
        CodedModels.copy(first, version("1"));
        open(VersionPolicy.latest());
        until(repository::isReady);
        Path half = Files.createDirectories(version("2"));
        for (int i = 0; i < 10; i++) {
            Files.writeString(half.resolve("model.safetensors"), "x".repeat(i + 1));
            Thread.sleep(100);
            assertThat(state("2")).isIn(null, VersionState.COPYING);
        }
        until(() -> state("2") == VersionState.FAILED);
        assertThat(reason("2")).contains("manifest.json").doesNotContain(root.toString());
        assertThat(answer(null)).isEqualTo(firstAnswer);
        CodedModels.delete(half);
        CodedModels.copy(second, half);
        until(() -> answer(null) == secondAnswer);
    }

    @Test
    void a_damaged_version_never_answers_and_says_why() throws IOException {
        CodedModels.copy(first, version("1"));
        CodedModels.copy(second, version("2"));
        byte[] weights = Files.readAllBytes(version("2").resolve("model.safetensors"));
        weights[weights.length - 1] ^= 1;
        Files.write(version("2").resolve("model.safetensors"), weights);
        open(VersionPolicy.latest());
        until(repository::isReady);
        until(() -> state("2") == VersionState.FAILED);
        assertThat(reason("2")).contains("model.safetensors", "SHA-256").doesNotContain(root.toString());
        assertThat(answer(null)).as("the next older one").isEqualTo(firstAnswer);
    }

    @Test
    void a_version_that_is_removed_is_drained_and_unloaded_and_a_model_without_any_is_none() throws IOException {
        CodedModels.copy(first, version("1"));
        CodedModels.copy(second, version("2"));
        open(VersionPolicy.latest());
        until(repository::isReady);
        Lease held = repository.lease("a", null);
        CodedModels.delete(version("2"));
        until(() -> answer(null) == firstAnswer);
        assertThat(CodedModels.answer(held)).isEqualTo(secondAnswer);
        held.close();
        until(() -> state("2") == null);
        CodedModels.delete(version("1"));
        until(() -> repository.names().isEmpty());
        assertThatThrownBy(() -> repository.lease("a", null))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.NOT_FOUND));
    }

    @Test
    void a_version_whose_content_is_replaced_is_loaded_anew_and_a_touched_one_is_not() throws IOException {
        CodedModels.copy(first, version("1"));
        open(VersionPolicy.latest());
        until(repository::isReady);
        Lease before = repository.lease("a", null);
        Files.setLastModifiedTime(version("1").resolve("manifest.json"), FileTime.fromMillis(1_000_000));
        CodedModels.copy(second, runs.resolve("next"));
        Files.move(version("1"), runs.resolve("gone"));
        Files.move(runs.resolve("next"), version("1"));
        until(() -> answer(null) == secondAnswer);
        assertThat(CodedModels.answer(before)).isEqualTo(firstAnswer);
        before.close();
        CodedModels.delete(runs.resolve("gone"));
    }

    @Test
    void links_inside_are_followed_and_links_out_of_the_repository_are_refused() throws IOException {
        // As Kubernetes mounts a configuration map.
        Path data = root.resolve("..2026_01_01");
        CodedModels.copy(first, data.resolve("b/1"));
        Files.createSymbolicLink(root.resolve("..data"), Path.of("..2026_01_01"));
        Files.createSymbolicLink(root.resolve("b"), Path.of("..data/b"));
        CodedModels.copy(first, version("1"));
        Files.createSymbolicLink(version("2"), second);
        CodedModels.copy(second, version("3"));
        Files.delete(version("3").resolve("model.safetensors"));
        Files.createSymbolicLink(version("3").resolve("model.safetensors"), second.resolve("model.safetensors"));
        Files.createSymbolicLink(root.resolve("c"), second.getParent());
        open(VersionPolicy.latest());
        until(() -> repository.isReady() && repository.names().containsAll(List.of("a", "b")));
        assertThat(repository.names()).containsExactly("a", "b");
        assertThat(answer(null)).isEqualTo(firstAnswer);
        assertThat(reason("2")).isEqualTo("it is a link out of the repository");
        assertThat(reason("3")).isEqualTo("model.safetensors is a link out of the repository");
        // The map is changed by turning one link.
        CodedModels.copy(second, root.resolve("..2026_01_02/b/1"));
        Files.createSymbolicLink(root.resolve("..data_tmp"), Path.of("..2026_01_02"));
        Files.move(root.resolve("..data_tmp"), root.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        until(() -> {
            try (Lease lease = repository.lease("b", null)) {
                return CodedModels.answer(lease) == secondAnswer;
            }
        });
    }

    /** Somebody meant them as models, and would look for them in vain. */
    @Test
    void what_looks_like_a_model_and_is_none_is_told_once() throws IOException, InterruptedException {
        Path elsewhere = Files.createDirectories(runs.resolve("elsewhere"));
        CodedModels.copy(first, root.resolve("a/1"));
        CodedModels.copy(first, root.resolve("a/01"));
        CodedModels.copy(first, root.resolve("flat"));
        Files.createDirectories(root.resolve("a/v 2"));
        Files.createDirectories(root.resolve("schöner name/1"));
        Files.createDirectories(root.resolve("b.tmp"));
        Files.createDirectories(root.resolve(".git"));
        Files.writeString(root.resolve("README.md"), "ours");
        Files.createSymbolicLink(root.resolve("outside"), elsewhere);
        Files.createSymbolicLink(root.resolve("dangling"), root.resolve("nothing"));
        Files.createSymbolicLink(root.resolve("a/9"), elsewhere);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(RepositoryScan.class);
        lines.start();
        log.addAppender(lines);
        try {
            open(VersionPolicy.latest());
            until(() -> repository.versions("a").equals(List.of("01")));
            TimeUnit.MILLISECONDS.sleep(300); // some more looks
        } finally {
            log.detachAppender(lines);
        }
        assertThat(List.copyOf(lines.list))
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactlyInAnyOrder(
                        "a/v 2: left aside: expected a name that matches [A-Za-z0-9][A-Za-z0-9._-]{0,63}; rename the directory",
                        "schöner name: left aside: expected a name that matches [A-Za-z0-9][A-Za-z0-9._-]{0,63}; rename the"
                                + " directory",
                        "outside: left aside: it is a link out of the repository",
                        "dangling: left aside: it is a link to what is not there",
                        "a/9: it is a link out of the repository",
                        "a/01: it is the same number as 1, and counts as the newer of both; rename one of them",
                        "flat: it has manifest.json itself; move what it holds to flat/1");
    }

    @Test
    void names_that_copies_have_on_their_way_are_left_aside() throws IOException {
        CodedModels.copy(first, version("1"));
        for (String name : List.of(".2.Xk3", "2.tmp", "2.partial", "2~", "-2", "two words")) {
            CodedModels.copy(second, version(name));
        }
        Files.writeString(version("README"), "none");
        open(new VersionPolicy.All());
        until(repository::isReady);
        assertThat(repository.versions("a")).containsExactly("1");
        Files.move(version("2.tmp"), version("2"));
        until(() -> repository.versions("a").equals(List.of("1", "2")));
    }

    @Test
    void explicit_models_come_and_go_when_they_are_asked_to() throws Exception {
        CodedModels.copy(first, version("1"));
        repository = Repository.open(root, config(RepositoryConfig.Mode.EXPLICIT, VersionPolicy.latest()));
        assertThat(repository.isReady()).isTrue();
        assertThat(state("1")).isEqualTo(VersionState.FOUND);
        assertThatThrownBy(() -> answer(null)).isInstanceOf(Refusal.class);
        repository.load("a", Map.of()).get(20, TimeUnit.SECONDS);
        assertThat(answer(null)).isEqualTo(firstAnswer);
        CodedModels.copy(second, version("2"));
        Files.writeString(version("2").resolve("model.json"), "{}", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        assertThat(repository.load("a", Map.of()))
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .withCauseInstanceOf(InputException.class)
                .withMessageContaining("version \"2\"")
                .withMessageContaining("version \"1\" answers");
        assertThat(answer(null)).isEqualTo(firstAnswer);
        CodedModels.copy(second, version("2"));
        repository.load("a", Map.of()).get(20, TimeUnit.SECONDS);
        assertThat(answer(null)).isEqualTo(secondAnswer);
        repository.unload("a", false);
        assertThatThrownBy(() -> answer(null)).isInstanceOf(Refusal.class);
        until(() -> state("2") == VersionState.FOUND);
        assertThatThrownBy(() -> repository.load("b", Map.of()))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.NOT_FOUND));
        assertThatThrownBy(() -> repository.load("a", Map.of("config", "{}")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("\"config\"");
        assertThatThrownBy(() -> repository.load("../a", Map.of())).isInstanceOf(Refusal.class);
    }
}

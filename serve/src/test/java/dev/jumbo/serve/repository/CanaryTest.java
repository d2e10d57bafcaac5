package dev.jumbo.serve.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.repository.NumberedModels.Numbered;
import dev.jumbo.serve.repository.settings.CanarySettings;
import dev.jumbo.serve.repository.settings.RepositoryConfig;
import dev.jumbo.serve.repository.settings.VersionPolicy;
import dev.jumbo.serve.wire.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A canary's share, what it is judged by, and what becomes of it. */
@Timeout(60)
class CanaryTest {
    @TempDir
    Path root;

    @SuppressWarnings("NullAway.Init") // each test opens it
    private Repository repository;

    private final NumberedModels opener = new NumberedModels();

    /** Whether a state file outlives the server. */
    private boolean keeps;

    @TempDir
    Path beside;

    private Path state() {
        return beside.resolve("canaries.json");
    }

    @BeforeEach
    void twoVersions() throws IOException {
        NumberedModels.add(root, "a", "1");
        NumberedModels.add(root, "a", "2");
    }

    @AfterEach
    void close() {
        repository.close();
    }

    private void open() {
        RepositoryConfig config = new RepositoryConfig(
                RepositoryConfig.Mode.POLL, 0.05, VersionPolicy.latest(), List.of(), 1, 0, null, 20, 5);
        repository = Repository.open(root, keeps ? config.withStateFile(state().toString()) : config, opener);
        RepositoryTest.until(() -> repository.isReady());
    }

    private void canary(String settings) throws IOException {
        Files.writeString(root.resolve("a/config.yaml"), "canary: {version: \"2\", " + settings + "}\n");
        open();
        RepositoryTest.until(() -> repository.versions("a").equals(List.of("1", "2")));
    }

    /** One request, which ends in an error or takes so long. */
    private float ask(@Nullable String key, @Nullable Throwable error, long millis) {
        try (Lease lease = repository.lease("a", null, null, key)) {
            float answer = answer(lease);
            if (answer == 2) {
                sleep(millis);
            }
            lease.ended(answer == 2 ? error : null);
            Shadow shadow = lease.shadow();
            if (shadow != null) {
                try (shadow) {
                    shadow.compare(
                            List.of(new float[] {answer}),
                            shadow.model().predictor().predict(List.of(new float[1]), 1));
                }
            }
            return answer;
        }
    }

    private static float answer(Lease lease) {
        return lease.model().predictor().predict(List.of(new float[1]), 1).get(0)[0];
    }

    private String reason(String version) {
        return repository.index(false).stream()
                .filter(entry -> entry.version().equals(version))
                .map(IndexEntry::reason)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_canary_has_its_share_and_each_key_its_version() throws IOException {
        canary("weight: 0.2, shadow: 0, latency_margin_ms: 10000"); // the machine may be busy
        Map<String, Float> versions = new HashMap<>();
        for (int i = 0; i < 2000; i++) {
            versions.put("caller-" + i, ask("caller-" + i, null, 0));
        }
        assertThat(versions.values().stream().filter(v -> v == 2).count() / 2000.0)
                .isCloseTo(0.2, within(0.04));
        versions.forEach((key, version) -> assertThat(ask(key, null, 0)).isEqualTo(version));
        int drawn = 0;
        for (int i = 0; i < 2000; i++) {
            drawn += ask(null, null, 0) == 2 ? 1 : 0;
        }
        assertThat(drawn / 2000.0).isCloseTo(0.2, within(0.05));
        // With more weight, whoever was asked stays.
        repository.canary(
                "a",
                new CanarySettings("2", 0.5, 100, 0.01, 1.5, 10_000, 0, 0.1, 0.1, 20, null, CanarySettings.By.REQUEST));
        versions.forEach((key, version) -> {
            if (version == 2) {
                assertThat(ask(key, null, 0)).isEqualTo(2);
            }
        });
        assertThat(repository.lease("a", "2").model().version()).isEqualTo("2");
    }

    @Test
    void errors_roll_it_back_for_good_and_mistakes_of_callers_do_not() throws IOException {
        canary("weight: 0.5, shadow: 0, min_requests: 20, latency_margin_ms: 10000");
        for (int i = 0; i < 200; i++) {
            ask(null, new InputException("expected a number"), 0);
            ask(null, new Refusal(Refusal.Reason.DEADLINE, "no answer in time"), 0);
        }
        assertThat(repository.versions("a")).containsExactly("1", "2");
        for (int i = 0; i < 100; i++) {
            ask(null, i % 4 == 0 ? new FailureException("a kernel failed") : null, 0);
        }
        RepositoryTest.until(() -> reason("2").startsWith("rolled back: errors in "));
        RepositoryTest.until(() -> repository.versions("a").equals(List.of("1")));
        sleep(300); // several looks at the same file and the same directory
        assertThat(ask(null, null, 0)).isEqualTo(1);
        RepositoryTest.until(() -> opener.open.equals(Set.of("a 1")));
        // Until told otherwise: by a call, by another configuration, by another content.
        repository.canary("a", CanarySettings.of("2", 1));
        RepositoryTest.until(() -> ask(null, null, 0) == 2);
    }

    @Test
    void a_slow_one_is_rolled_back() throws IOException {
        canary("weight: 0.5, shadow: 0, min_requests: 20");
        for (int i = 0; i < 400 && repository.versions("a").size() == 2; i++) {
            ask(null, null, i % 3 == 0 ? 15 : 0);
        }
        RepositoryTest.until(() -> reason("2").startsWith("rolled back: "));
        assertThat(reason("2")).contains("took more than ", "99 of 100 of the stable version's");
        assertThat(ask(null, null, 0)).isEqualTo(1);
    }

    @Test
    void one_that_answers_otherwise_is_rolled_back_and_one_within_the_tolerance_is_not() throws IOException {
        canary("weight: 1, shadow: 0.5, min_requests: 20, tolerance: 0.5, latency_margin_ms: 10000");
        for (int i = 0; i < 100 && repository.versions("a").size() == 2; i++) {
            ask(null, null, 0);
        }
        RepositoryTest.until(() -> reason("2").startsWith("rolled back: 100.0 % of "));
        repository.close();
        Files.writeString(
                root.resolve("a/config.yaml"),
                "canary: {version: \"2\", weight: 1, shadow: 0.5, min_requests: 20, tolerance: 1.5, latency_margin_ms: 10000}\n");
        open();
        RepositoryTest.until(() -> repository.versions("a").equals(List.of("1", "2")));
        for (int i = 0; i < 200; i++) {
            assertThat(ask(null, null, 0)).isEqualTo(2);
        }
        assertThat(reason("2"))
                .startsWith("canary with 100.00 % of the requests: 200, of them 0 errors")
                .endsWith("100 answers compared, 0 differ");
    }

    @Test
    void it_takes_over_after_good_requests_or_when_an_operator_says_so() throws IOException {
        canary("weight: 0.5, shadow: 0, min_requests: 20, promote_after: 50, latency_margin_ms: 10000");
        for (int i = 0; i < 300 && repository.versions("a").size() == 2; i++) {
            ask(null, null, 0);
        }
        RepositoryTest.until(() -> repository.versions("a").equals(List.of("2")));
        assertThat(ask(null, null, 0)).isEqualTo(2);
        NumberedModels.add(root, "a", "3");
        RepositoryTest.until(() -> repository.versions("a").contains("3"));
        repository.canary("a", CanarySettings.of("3", 0));
        RepositoryTest.until(() -> repository.versions("a").equals(List.of("2", "3")));
        for (int i = 0; i < 20; i++) {
            assertThat(ask(null, null, 0)).isEqualTo(2);
        }
        repository.promote("a");
        assertThat(ask(null, null, 0)).isEqualTo(3);
        assertThatThrownBy(() -> repository.promote("a")).isInstanceOf(InputException.class);
        repository.canary("a", CanarySettings.of("1", 0.5));
        repository.rollBack("a");
        RepositoryTest.until(() -> reason("1").equals("rolled back: an operator says so"));
        assertThat(repository.figures()).singleElement().satisfies(figures -> {
            assertThat(figures.rolledBack()).isEqualTo(1);
            assertThat(figures.promoted()).isEqualTo(2);
            assertThat(figures.failed()).isZero();
        });
        assertThatThrownBy(() -> repository.canary("a", CanarySettings.of("7", 0.5)))
                .isInstanceOf(Refusal.class);
    }

    @Test
    void the_version_that_answers_already_is_no_canary_unless_it_is_one() throws IOException {
        canary("weight: 0.5, shadow: 0");
        assertThatThrownBy(() -> repository.canary("a", CanarySettings.of("1", 0.5)))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "expected another version of \"a\" than \"1\" as its canary, as that one answers all requests"
                                + " that name none; others are 2");
        repository.canary("a", CanarySettings.of("2", 0.25));
        assertThat(reason("2")).startsWith("canary with 25.00 %");
    }

    private void again() {
        repository.close();
        open();
    }

    @Test
    void a_roll_back_outlives_the_server_until_the_settings_or_the_content_are_others() throws IOException {
        keeps = true;
        canary("weight: 0.5, shadow: 0");
        repository.rollBack("a");
        RepositoryTest.until(() -> repository.versions("a").equals(List.of("1")));
        for (int start = 0; start < 2; start++) {
            again();
            sleep(200); // several looks
            assertThat(repository.versions("a")).containsExactly("1");
            assertThat(reason("2")).isEqualTo("rolled back: an operator says so");
        }
        NumberedModels.add(root, "a", "2"); // written anew: of a model of ONNX that is another content
        again();
        RepositoryTest.until(() -> repository.versions("a").equals(List.of("2")));

        repository.close();
        Files.delete(state());
        canary("weight: 0.5, shadow: 0");
        repository.rollBack("a");
        RepositoryTest.until(() -> repository.versions("a").equals(List.of("1")));
        repository.close();
        canary("weight: 0.25, shadow: 0");
        assertThat(reason("2")).startsWith("canary with 25.00 %");
        again();
        RepositoryTest.until(() -> repository.versions("a").equals(List.of("1", "2")));
    }

    @Test
    void a_promotion_outlives_the_server_and_without_a_state_file_nothing_does() throws IOException {
        keeps = true;
        canary("weight: 0.5, shadow: 0");
        repository.promote("a");
        RepositoryTest.until(() -> repository.versions("a").equals(List.of("2")));
        again();
        sleep(200);
        assertThat(repository.versions("a")).containsExactly("2");
        assertThat(reason("2")).isEqualTo("promoted");
        repository.canary("a", CanarySettings.of("2", 0.5)); // an operator begins again: forgotten
        assertThat(Files.readString(state())).doesNotContain("promoted");
        keeps = false;
        again();
        RepositoryTest.until(() -> repository.versions("a").equals(List.of("1", "2")));
    }

    @Test
    void a_state_file_that_is_damaged_or_cannot_be_written_is_told_at_the_start() throws IOException {
        keeps = true;
        open();
        repository.close();
        for (String damaged : List.of("", "{", "[]", "{\"models\": {\"a\": 1}}", "\u0000\u0001")) {
            Files.writeString(state(), damaged);
            assertThatThrownBy(this::open)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("serve.repository.state_file")
                    .hasMessageContaining("delete this one");
        }
        Files.delete(state());
        Files.createDirectories(state());
        assertThatThrownBy(this::open).isInstanceOf(InputException.class);
    }

    @Test
    void a_canary_that_fails_its_trial_gets_no_request() throws IOException {
        opener.special.put("2", new Numbered(Float.NaN, () -> {}));
        Files.writeString(root.resolve("a/config.yaml"), "canary: {version: \"2\", weight: 1}\n");
        open();
        RepositoryTest.until(() -> reason("2").contains("finite") || reason("2").equals("canary"));
        for (int i = 0; i < 50; i++) {
            assertThat(ask(null, null, 0)).isEqualTo(1);
        }
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

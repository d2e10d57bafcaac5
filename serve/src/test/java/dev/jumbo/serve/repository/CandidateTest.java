package dev.jumbo.serve.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.serve.repository.NumberedModels.Numbered;
import dev.jumbo.serve.repository.settings.RepositoryConfig;
import dev.jumbo.serve.repository.settings.VersionPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Candidates that must not answer, and the order in which things are loaded, closed and given back. */
@Timeout(60)
class CandidateTest {
    @TempDir
    Path root;

    @SuppressWarnings("NullAway.Init") // each test opens it
    private Repository repository;

    private final NumberedModels opener = new NumberedModels();

    @BeforeEach
    void oneVersion() throws IOException {
        add("a", "1");
    }

    @AfterEach
    void close() {
        opener.hold.countDown();
        if (repository != null) {
            repository.close();
        }
    }

    private void add(String model, String version) throws IOException {
        NumberedModels.add(root, model, version);
    }

    private void open(@Nullable Long memory, double loadSeconds, double answerSeconds) {
        repository = Repository.open(
                root,
                new RepositoryConfig(
                        RepositoryConfig.Mode.POLL,
                        0.05,
                        VersionPolicy.latest(),
                        List.of(),
                        2,
                        0,
                        memory,
                        loadSeconds,
                        answerSeconds),
                opener);
        RepositoryTest.until(repository::isReady);
    }

    private float answer(String model) {
        try (Lease lease = repository.lease(model, null)) {
            return lease.model().predictor().predict(List.of(new float[1]), 1).get(0)[0];
        }
    }

    private IndexEntry entry(String model, String version) {
        return repository.index(false).stream()
                .filter(e -> e.model().equals(model) && e.version().equals(version))
                .findFirst()
                .orElse(new IndexEntry(model, version, VersionState.FOUND, "not there"));
    }

    /** Adds version 2, which is to fail. */
    private String failure(Numbered candidate) throws IOException {
        opener.special.put("2", candidate);
        add("a", "2");
        RepositoryTest.until(() -> entry("a", "2").state() == VersionState.FAILED);
        assertThat(answer("a")).isEqualTo(1);
        assertThat(entry("a", "1").state()).isEqualTo(VersionState.READY);
        return entry("a", "2").reason();
    }

    @Test
    void one_that_answers_nan_never_answers_and_gives_its_memory_back() throws IOException {
        open(null, 20, 5);
        AtomicInteger closed = new AtomicInteger();
        assertThat(failure(new Numbered(Float.NaN, closed::incrementAndGet))).contains("not finite");
        RepositoryTest.until(() -> closed.get() == 1);
    }

    @Test
    void one_that_is_slow_never_answers() throws IOException {
        open(null, 20, 0.02);
        assertThat(failure(new Numbered(2, () -> {}) {
                    @Override
                    public List<float[]> predict(List<?> inputs, int rows) {
                        sleep(40);
                        return super.predict(inputs, rows);
                    }
                }))
                .contains("one answer took 0.0", "answer_seconds allows 0.020 s");
    }

    @Test
    void one_that_hangs_is_given_up_and_does_not_keep_others_from_being_loaded() throws IOException {
        open(null, 3, 5);
        CountDownLatch stuck = new CountDownLatch(1);
        AtomicInteger closed = new AtomicInteger();
        assertThat(failure(new Numbered(2, closed::incrementAndGet) {
                    @Override
                    public List<float[]> predict(List<?> inputs, int rows) {
                        try {
                            stuck.await();
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                        return super.predict(inputs, rows);
                    }
                }))
                .contains("did not answer its trial within 3.0 s");
        add("a", "3");
        RepositoryTest.until(() -> answer("a") == 3);
        assertThat(closed).hasValue(0);
        stuck.countDown();
        RepositoryTest.until(() -> closed.get() == 1);
        assertThat(answer("a")).isEqualTo(3);
    }

    @Test
    void one_that_breaks_in_an_unknown_way_is_told_without_its_inside() throws IOException {
        open(null, 20, 5);
        assertThat(failure(new Numbered(2, () -> {}) {
                    @Override
                    public List<float[]> predict(List<?> inputs, int rows) {
                        throw new UnsatisfiedLinkError("/secret/lib.so");
                    }
                }))
                .isEqualTo("it cannot be loaded; the log of the server says more");
    }

    @Test
    void loads_are_bounded_and_wait_for_each_other() throws IOException {
        for (String model : List.of("b", "c", "d", "e")) {
            add(model, "1");
        }
        opener.hold = new CountDownLatch(1);
        repository = Repository.open(
                root,
                new RepositoryConfig(
                        RepositoryConfig.Mode.POLL, 0.05, VersionPolicy.latest(), List.of(), 2, 0, null, 20, 5),
                opener);
        RepositoryTest.until(() -> opener.loading.get() == 2);
        sleep(200);
        assertThat(opener.most).hasValue(2);
        assertThat(repository.isReady()).isFalse();
        assertThat(repository.isReady("a", null)).isFalse();
        opener.hold.countDown();
        RepositoryTest.until(repository::isReady);
        assertThat(opener.most).hasValue(2);
        assertThat(repository.isReady("e", "1")).isTrue();
    }

    @Test
    void one_that_does_not_fit_into_memory_is_refused_with_the_figures_and_comes_when_there_is_room()
            throws IOException {
        add("b", "1");
        open(250L << 20, 20, 5);
        add("a", "2"); // beside 1 and b, which answer: nothing is unloaded to make room
        RepositoryTest.until(() -> entry("a", "2").state() == VersionState.FAILED);
        assertThat(entry("a", "2").reason())
                .isEqualTo(
                        "it needs 100 MiB of memory; of the 250 MiB of serve.repository.memory_bytes 50 MiB are free;"
                                + " loaded are a 1 (100 MiB), b 1 (100 MiB)");
        assertThat(answer("a")).isEqualTo(1);
        assertThat(answer("b")).isEqualTo(1);
        CodedModels.delete(root.resolve("b"));
        RepositoryTest.until(() -> answer("a") == 2);
        RepositoryTest.until(() -> opener.open.equals(Set.of("a 2")));
    }

    @Test
    void what_is_loaded_is_closed_once_when_its_last_request_is_answered_and_all_of_it_at_the_end() throws IOException {
        open(null, 20, 5);
        Lease held = repository.lease("a", null);
        Lease other = repository.lease("a", "1");
        add("a", "2");
        RepositoryTest.until(() -> answer("a") == 2);
        held.close();
        held.close();
        sleep(100);
        assertThat(opener.open).contains("a 1");
        other.close();
        RepositoryTest.until(() -> opener.open.equals(Set.of("a 2")));
        repository.close();
        assertThat(opener.open).isEmpty();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}

package dev.jumbo.serve.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Field;
import dev.jumbo.serve.model.RawReader;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.serve.repository.settings.BatchingSettings;
import dev.jumbo.serve.wire.Refusal;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.answer.RowOutputs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SchedulerTest {
    /** Answers each number with its double, in so much time a batch; can be held. */
    private static final class Doubling implements Predictor {
        final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
        final List<Float> order = Collections.synchronizedList(new ArrayList<>());
        final boolean apart;
        volatile long millis;
        volatile Runnable during = () -> {};
        volatile CountDownLatch hold = new CountDownLatch(0);

        Doubling(boolean apart) {
            this.apart = apart;
        }

        @Override
        public List<Field> rawInputs() {
            return List.of(Field.floats("x", Shape.of(1)));
        }

        @Override
        public List<Field> inputs() {
            return rawInputs();
        }

        @Override
        public List<Field> outputs() {
            return List.of(Field.floats("y", Shape.of(1)));
        }

        @Override
        public boolean keepsRowsApart() {
            return apart;
        }

        @Override
        public List<float[]> predict(List<?> inputs, int rows) {
            float[] x = (float[]) inputs.get(0);
            float[] y = new float[rows];
            try {
                hold.await();
                during.run();
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            for (int i = 0; i < rows; i++) {
                if (x[i] == 13 && rows > 1) {
                    throw new IllegalStateException("not with others");
                }
                y[i] = 2 * x[i];
                order.add(x[i]);
            }
            batches.add(rows);
            return List.of(y);
        }

        @Override
        public float[] prepare(float[] raw) {
            return raw;
        }

        @Override
        public void close() {}
    }

    private final Doubling doubling = new Doubling(true);
    private final ServedModel model = served(doubling);
    private final List<Scheduler> open = new ArrayList<>();

    private static ServedModel served(Predictor predictor) {
        return new ServedModel("m", "1", predictor, RawReader.refusing("rows"), RawReader.numbers());
    }

    private Scheduler scheduler(int maxQueue) {
        return scheduler(maxQueue, new SchedulingConfig(8, 0, 1000, 1000, 0, 0, 0.2, 0, 1, 0));
    }

    private Scheduler scheduler(int maxQueue, SchedulingConfig config) {
        Scheduler scheduler = new Scheduler(config, 1, maxQueue, Activity.NONE);
        open.add(scheduler);
        return scheduler;
    }

    @AfterEach
    void close() {
        doubling.hold.countDown();
        open.forEach(Scheduler::close);
    }

    private static Terms terms(String caller, long millis) {
        return new Terms(caller, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis), () -> false);
    }

    private CompletableFuture<RowOutputs> ask(Scheduler scheduler, Terms terms, float... x) {
        return scheduler.submit(
                model, BatchingSettings.NONE, new ServedModel.Request(List.of(x), x.length, List.of()), terms);
    }

    /** Holds the device with a first request. */
    private CompletableFuture<RowOutputs> busy(Scheduler scheduler) throws InterruptedException {
        doubling.hold = new CountDownLatch(1);
        CompletableFuture<RowOutputs> first = ask(scheduler, terms("first", 20_000), 0);
        while (scheduler.waiting() > 0) {
            Thread.sleep(1);
        }
        Thread.sleep(20);
        return first;
    }

    /** Two threads compute its parts at once: while none of them did, it waited. */
    @Test
    void a_divided_request_has_waited_when_none_of_its_parts_was_computed() throws Exception {
        Scheduler scheduler =
                new Scheduler(new SchedulingConfig(8, 0, 1000, 1000, 0, 0, 5, 0, 1, 0), 2, 100, Activity.NONE);
        open.add(scheduler);
        doubling.hold = new CountDownLatch(1);
        for (int i = 0; i < 2; i++) {
            ask(scheduler, terms("first", 20_000), 0, 0, 0, 0, 0, 0, 0, 0);
        }
        while (scheduler.waiting() > 0) {
            Thread.sleep(1);
        }
        CompletableFuture<Long> waited = new CompletableFuture<>();
        CompletableFuture<Long> inferred = new CompletableFuture<>();
        CompletableFuture<RowOutputs> answer = ask(
                scheduler,
                terms("second", 20_000).with((queue, computed) -> {
                    waited.complete(TimeUnit.NANOSECONDS.toMillis(queue));
                    inferred.complete(TimeUnit.NANOSECONDS.toMillis(computed.infer()));
                }),
                new float[32]);
        Thread.sleep(200);
        doubling.millis = 100;
        doubling.hold.countDown();
        answer.join();
        assertThat(inferred.join()).as("four parts of 100 ms").isBetween(400L, 1500L);
        assertThat(waited.join())
                .as("held for 200 ms, and not less the time of both threads")
                .isBetween(190L, 1500L);
    }

    @Test
    void what_waits_is_computed_together_and_each_gets_its_own_rows() throws Exception {
        Scheduler scheduler = scheduler(100);
        busy(scheduler);
        List<CompletableFuture<RowOutputs>> answers = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            answers.add(ask(scheduler, terms("c" + i, 20_000), i));
        }
        doubling.hold.countDown();
        for (int i = 1; i <= 10; i++) {
            assertThat(answers.get(i - 1).get().values().get(0)).containsExactly(2f * i);
        }
        assertThat(doubling.batches).as("8 at most, without delay").containsExactly(1, 8, 2);
    }

    private CompletableFuture<RowOutputs> ask(Scheduler scheduler, BatchingSettings batching, float x) {
        return scheduler.submit(
                model, batching, new ServedModel.Request(List.of(new float[] {x}), 1, List.of()), terms("a", 9000));
    }

    @Test
    void a_model_may_have_a_size_of_batches_and_a_delay_of_its_own_and_others_from_one_request_to_the_next()
            throws Exception {
        Scheduler scheduler = scheduler(100);
        busy(scheduler);
        List<CompletableFuture<RowOutputs>> answers = new ArrayList<>();
        for (int i = 1; i <= 6; i++) {
            answers.add(ask(scheduler, new BatchingSettings(3, null, null, 2, null), i));
        }
        doubling.hold.countDown();
        for (CompletableFuture<RowOutputs> answer : answers) {
            answer.get();
        }
        assertThat(doubling.batches).containsExactly(1, 3, 3);

        doubling.batches.clear();
        busy(scheduler);
        BatchingSettings patient = new BatchingSettings(8, 300.0, null, 2, null);
        CompletableFuture<RowOutputs> first = ask(scheduler, patient, 1);
        doubling.hold.countDown();
        Thread.sleep(50);
        CompletableFuture<RowOutputs> second = ask(scheduler, patient, 2);
        first.get();
        second.get();
        assertThat(doubling.batches).as("the second came within the delay").containsExactly(1, 2);
    }

    @Test
    void the_queue_of_one_model_may_be_full_while_others_have_places() throws Exception {
        Scheduler scheduler = scheduler(100);
        busy(scheduler);
        BatchingSettings two = new BatchingSettings(null, null, 2, 2, null);
        ask(scheduler, two, 1);
        ask(scheduler, two, 2);
        assertThatThrownBy(() -> ask(scheduler, two, 3))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.UNAVAILABLE));
        ServedModel other =
                new ServedModel("other", "1", new Doubling(true), RawReader.refusing("rows"), RawReader.numbers());
        CompletableFuture<RowOutputs> answer = scheduler.submit(
                other,
                BatchingSettings.NONE,
                new ServedModel.Request(List.of(new float[] {4}), 1, List.of()),
                terms("a", 9000));
        doubling.hold.countDown();
        assertThat(answer.get().values().get(0)).containsExactly(8f);
    }

    @Test
    void a_model_may_have_a_usual_priority_and_a_time_and_the_callers_own_shorter_one_holds() {
        long came = System.nanoTime();
        Terms terms = terms("a", 5000);
        assertThat(terms.of(BatchingSettings.NONE, came)).isEqualTo(terms);
        Terms usual = terms.of(new BatchingSettings(null, null, null, 3, 0.25), came);
        assertThat(usual.priority()).isEqualTo(Priority.LOW);
        assertThat(usual.deadline() - came).isEqualTo(250_000_000);
        assertThat(terms.of(new BatchingSettings(null, null, null, 1, 60.0), came)
                        .deadline())
                .isEqualTo(terms.deadline());
    }

    @Test
    void rows_of_a_model_that_does_not_keep_them_apart_are_never_joined() throws Exception {
        Doubling alone = new Doubling(false);
        ServedModel other = served(alone);
        Scheduler scheduler = scheduler(100);
        List<CompletableFuture<RowOutputs>> answers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            answers.add(scheduler.submit(
                    other,
                    BatchingSettings.NONE,
                    new ServedModel.Request(List.of(new float[] {i}), 1, List.of()),
                    terms("a", 9000)));
        }
        for (CompletableFuture<RowOutputs> answer : answers) {
            answer.get();
        }
        assertThat(alone.batches).containsOnly(1);
    }

    @Test
    void a_large_request_is_divided_and_others_come_between() throws Exception {
        Scheduler scheduler = scheduler(100);
        busy(scheduler);
        float[] many = new float[40];
        for (int i = 0; i < many.length; i++) {
            many[i] = 100 + i;
        }
        CompletableFuture<RowOutputs> large = ask(scheduler, terms("a", 20_000), many);
        CompletableFuture<RowOutputs> small = ask(scheduler, terms("b", 20_000), 7);
        doubling.hold.countDown();
        assertThat(small.get().values().get(0)).containsExactly(14f);
        assertThat(large.get().values().get(0)).hasSize(40).startsWith(200f).endsWith(278f);
        assertThat(doubling.order.indexOf(7f))
                .as("its turn came after one part")
                .isLessThan(20);
        assertThat(doubling.batches).allMatch(rows -> rows <= 8);
    }

    @Test
    void what_cannot_be_in_time_by_the_measured_rate_is_refused_at_once() throws Exception {
        Scheduler scheduler = scheduler(100);
        doubling.millis = 50;
        for (int i = 0; i < 3; i++) {
            ask(scheduler, terms("a", 20_000), i).get();
        }
        busy(scheduler);
        for (int i = 0; i < 10; i++) {
            ask(scheduler, terms("a", 20_000), 1, 2, 3, 4, 5, 6, 7, 8);
        }
        long start = System.nanoTime();
        assertThatThrownBy(() -> ask(scheduler, terms("a", 60), 5))
                .isInstanceOfSatisfying(Refusal.class, refusal -> {
                    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.UNAVAILABLE);
                    assertThat(refusal.retryAfter().toMillis()).isGreaterThan(60);
                })
                .hasMessageContaining("too near the deadline or behind it");
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.MILLISECONDS.toNanos(20));
    }

    @Test
    void a_bad_rate_of_the_past_does_not_refuse_for_ever() throws Exception {
        Scheduler scheduler = scheduler(100);
        doubling.millis = 300;
        ask(scheduler, terms("a", 20_000), 1).get();
        doubling.millis = 0;
        for (int i = 0; i < 3; i++) {
            assertThat(ask(scheduler, terms("a", 100), 4).get().values().get(0)).containsExactly(8f);
        }
    }

    @Test
    void late_and_abandoned_requests_are_not_computed() throws Exception {
        Scheduler scheduler = scheduler(100);
        busy(scheduler);
        AtomicBoolean gone = new AtomicBoolean();
        CompletableFuture<RowOutputs> abandoned =
                ask(scheduler, new Terms("b", System.nanoTime() + TimeUnit.SECONDS.toNanos(20), gone::get), 5);
        CompletableFuture<RowOutputs> late = ask(scheduler, terms("c", 30), 6);
        CompletableFuture<RowOutputs> kept = ask(scheduler, terms("d", 20_000), 7);
        gone.set(true);
        Thread.sleep(50);
        scheduler.watch(System.nanoTime());
        assertThat(late).isCompletedExceptionally();
        assertThat(abandoned).isCompletedExceptionally();
        assertThat(scheduler.waiting()).isEqualTo(1);
        doubling.hold.countDown();
        kept.get();
        assertThat(doubling.order).doesNotContain(5f, 6f).contains(7f);
    }

    @Test
    void a_request_that_breaks_a_batch_breaks_it_for_itself_alone() throws Exception {
        Scheduler scheduler = scheduler(100);
        busy(scheduler);
        CompletableFuture<RowOutputs> two = ask(scheduler, terms("b", 20_000), 13, 13);
        CompletableFuture<RowOutputs> one = ask(scheduler, terms("c", 20_000), 3);
        doubling.hold.countDown();
        assertThat(one.get().values().get(0)).containsExactly(6f);
        assertThat(two).failsWithin(Duration.ofSeconds(5));
    }

    @Test
    void who_fills_the_queue_gives_up_a_place_for_another_callers_first() throws Exception {
        Scheduler scheduler = scheduler(4);
        busy(scheduler);
        List<CompletableFuture<RowOutputs>> greedy = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            greedy.add(ask(scheduler, terms("greedy", 20_000), 10 + i));
        }
        assertThatThrownBy(() -> ask(scheduler, terms("greedy", 20_000), 99)).hasMessageContaining("full");
        CompletableFuture<RowOutputs> modest = ask(scheduler, terms("modest", 20_000), 1);
        assertThat(greedy.get(3)).isCompletedExceptionally();
        doubling.hold.countDown();
        assertThat(modest.get().values().get(0)).containsExactly(2f);
        assertThat(greedy.get(0).get().values().get(0)).containsExactly(20f);
    }

    @Test
    void a_computation_that_does_not_come_back_is_noticed_and_other_models_are_answered() throws Exception {
        Scheduler scheduler = scheduler(100);
        CompletableFuture<RowOutputs> stuck = busy(scheduler);
        CompletableFuture<RowOutputs> behind = ask(scheduler, terms("b", 20_000), 1);
        Thread.sleep(250);
        assertThat(scheduler.isStuck()).isFalse();
        scheduler.watch(System.nanoTime());
        assertThat(scheduler.isStuck()).isTrue();
        assertThat(behind).isCompletedExceptionally();
        assertThatThrownBy(() -> ask(scheduler, terms("b", 20_000), 1)).hasMessageContaining("does not answer");
        ServedModel other = served(new Doubling(true));
        assertThat(scheduler
                        .submit(
                                other,
                                BatchingSettings.NONE,
                                new ServedModel.Request(List.of(new float[] {4}), 1, List.of()),
                                terms("b", 9000))
                        .get()
                        .values()
                        .get(0))
                .containsExactly(8f);
        doubling.hold.countDown();
        stuck.get();
        Thread.sleep(50);
        assertThat(scheduler.isStuck()).isFalse();
        assertThat(ask(scheduler, terms("b", 9000), 1).get().values().get(0)).containsExactly(2f);
    }

    @Test
    void models_take_turns_by_the_time_of_the_device_that_they_had() throws Exception {
        Doubling slow = new Doubling(true);
        slow.millis = 5;
        ServedModel other = served(slow);
        Scheduler scheduler = scheduler(1000);
        busy(scheduler);
        List<CompletableFuture<RowOutputs>> heavy = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            heavy.add(scheduler.submit(
                    other,
                    BatchingSettings.NONE,
                    new ServedModel.Request(List.of(new float[] {i}), 1, List.of()),
                    terms("a", 20_000)));
        }
        slow.hold = new CountDownLatch(1);
        doubling.hold.countDown();
        Thread.sleep(50); // its first batch is held
        Doubling light = new Doubling(true);
        int[] seen = {0};
        light.during = () -> seen[0] = slow.batches.size();
        CompletableFuture<RowOutputs> answer = scheduler.submit(
                served(light),
                BatchingSettings.NONE,
                new ServedModel.Request(List.of(new float[] {1}), 1, List.of()),
                terms("a", 20_000));
        slow.hold.countDown();
        assertThat(answer.get().values().get(0)).containsExactly(2f);
        assertThat(seen[0])
                .as("behind the batch that runs, not behind the ten that wait")
                .isLessThanOrEqualTo(2);
        heavy.get(79).get();
    }
}

package dev.jumbo.train;

import static dev.jumbo.nn.layers.Layers.batchNorm;
import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.dropout;
import static dev.jumbo.nn.layers.Layers.relu;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Loader;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.dist.World;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.tensor.NativeMemory;
import dev.jumbo.train.TrainConfig.Checkpoints;
import dev.jumbo.train.callbacks.Callback;
import dev.jumbo.train.callbacks.JsonLinesLog;
import dev.jumbo.train.callbacks.TrainingState;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.TrainerFile;
import dev.jumbo.train.metrics.Metrics;
import dev.jumbo.train.optim.Optimizers;
import dev.jumbo.train.optim.Schedules;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings that are told to stop, and go on later: with the steps and the bits of one that never stopped. */
class StoppedTrainingTest {
    private static final int STEPS = 40; // 2 epochs of 20 batches of 24, of 480 examples that are not held out.

    @TempDir
    Path runs;

    private final Dataset moons = Moons.of(600, 1);

    private TrainerBuilder trainer(String run) {
        return Trainer.of(Sequential.of(dense(16), batchNorm(), relu(), dropout(0.1), dense(2)))
                .optimizer(Optimizers.adam(1e-2))
                .schedule(Schedules.cosine())
                .epochs(2)
                .batchSize(24)
                .validationSplit(0.2)
                .seed(7)
                .resume(true)
                .saveTo(runs.resolve(run));
    }

    private static Callback at(long step, Consumer<TrainingState> act) {
        return new Callback() {
            @Override
            public void onStep(TrainingState state) {
                if (state.step() == step) {
                    act.accept(state);
                }
            }
        };
    }

    private TrainerFile latest(String run) {
        return Checkpoint.latest(runs.resolve(run)).trainer();
    }

    private void requireEqual(String run, String whole) {
        for (String file : List.of("model.safetensors", "optimizer.safetensors")) {
            assertThat(Checkpoint.latest(runs.resolve(run)).manifest().sha256(file))
                    .as(file + " of " + run)
                    .isEqualTo(Checkpoint.latest(runs.resolve(whole)).manifest().sha256(file));
        }
        assertThat(latest(run).step()).isEqualTo(latest(whole).step());
        for (String figure : List.of("loss", "accuracy", "val_loss", "learning_rate")) {
            assertThat(latest(run).metrics().get(figure))
                    .isEqualTo(latest(whole).metrics().get(figure));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 5, 19, 20, 25, 39})
    void one_that_a_callback_stops_at_any_step_goes_on_with_the_rest_of_the_epoch(long step) {
        trainer("whole").build().fit(moons);
        trainer("part")
                .callback(at(step, state -> state.stop("enough")))
                .build()
                .fit(moons);
        assertThat(latest("part").step()).isEqualTo(step);
        trainer("part").build().fit(moons);
        assertThat(latest("part").step()).isEqualTo(STEPS);
        requireEqual("part", "whole");
    }

    @Test
    void no_gradient_is_lost_where_steps_add_up_several_batches() {
        UnaryOperator<TrainerBuilder> accumulating = builder -> builder.gradientAccumulation(3);
        accumulating.apply(trainer("whole")).build().fit(moons);
        for (long step : new long[] {2, 6, 7, 9}) {
            CompletableFuture<Trainer> running = new CompletableFuture<>();
            running.complete(accumulating
                    .apply(trainer("part"))
                    .callback(at(step, state -> running.join().stop("told")))
                    .build());
            running.join().fit(moons);
            assertThat(running.join().isStopped()).isTrue();
            assertThat(latest("part").step()).isEqualTo(step);
        }
        accumulating.apply(trainer("part")).build().fit(moons);
        requireEqual("part", "whole");
    }

    @Test
    void an_interrupt_at_any_moment_is_a_stop_that_saves_and_keeps_the_status_of_the_thread() throws Exception {
        trainer("whole").build().fit(moons);
        boolean done = false;
        for (int round = 0; !done; round++) {
            Trainer trainer = trainer("part").checkpoints(new Checkpoints(1, 2)).build();
            CountDownLatch started = new CountDownLatch(1);
            AtomicReference<Throwable> failure = new AtomicReference<>();
            AtomicBoolean kept = new AtomicBoolean();
            Thread thread = new Thread(() -> {
                started.countDown();
                try {
                    trainer.fit(moons);
                } catch (Throwable e) {
                    failure.set(e);
                }
                kept.set(Thread.currentThread().isInterrupted());
            });
            thread.start();
            started.await();
            Thread.sleep(30 + 17L * round);
            thread.interrupt();
            thread.join();
            assertThat(failure).hasValue(null);
            done = !trainer.isStopped();
            assertThat(done || kept.get()).isTrue();
        }
        assertThat(latest("part").step()).isEqualTo(STEPS);
        requireEqual("part", "whole");
    }

    @Test
    void one_that_is_told_before_it_starts_saves_its_first_weights_and_goes_on_from_them() {
        trainer("whole").build().fit(moons);
        Trainer told = trainer("part").build();
        told.stop("told too early");
        told.fit(moons);
        assertThat(told.isStopped()).isTrue();
        assertThat(latest("part").step()).isZero();
        told.fit(moons);
        assertThat(told.isStopped()).isFalse();
        requireEqual("part", "whole");
    }

    @Test
    void of_two_workers_one_that_is_told_stops_both_at_the_same_step() {
        train(2, "whole", -1);
        train(2, "part", 8);
        long stopped = latest("part").step();
        assertThat(stopped).isBetween(8L, 10L);
        train(2, "part", -1);
        assertThat(latest("part").step()).isEqualTo(STEPS);
        assertThat(Checkpoint.latest(runs.resolve("part")).manifest().sha256("model.safetensors"))
                .isEqualTo(Checkpoint.latest(runs.resolve("whole")).manifest().sha256("model.safetensors"));
    }

    private void train(int workers, String run, long until) {
        if (!Files.exists(runs.resolve(run))) {
            // The first values come from libtorch's generator, which threads share; so one worker makes them.
            Trainer first = plain(run, World.single()).build();
            first.stop("first values");
            first.fit(moons);
        }
        ThreadWorlds.run(workers, world -> {
            CompletableFuture<Trainer> running = new CompletableFuture<>();
            running.complete(plain(run, world)
                    .callback(at(until, state -> {
                        if (world.rank() == 1) {
                            running.join().stop("told");
                        }
                    }))
                    .build());
            running.join().fit(moons);
            assertThat(running.join().isStopped()).isEqualTo(until > 0);
            return world.rank();
        });
    }

    private TrainerBuilder plain(String run, World world) {
        return Trainer.of(Sequential.of(dense(16), relu(), dense(2)))
                .optimizer(Optimizers.adam(1e-2))
                .epochs(2)
                .batchSize(24)
                .validationSplit(0.2)
                .seed(7)
                .resume(true)
                .world(world)
                .saveTo(runs.resolve(run));
    }

    @Test
    void a_resume_with_another_batch_size_sees_each_example_of_the_epoch_once() {
        // 12 of the 20 steps of 24 leave 192 of 480 examples: 4 steps of 48, and 10 in the second epoch.
        trainer("part").callback(at(12, state -> state.stop("enough"))).build().fit(moons);
        List<Long> examples = new ArrayList<>();
        trainer("part")
                .batchSize(48)
                .callback(new Callback() {
                    @Override
                    public void onEpoch(TrainingState state, Map<String, Double> metrics) {
                        examples.add(state.examples());
                    }
                })
                .build()
                .fit(moons);
        assertThat(examples).containsExactly(192L, 192L + 480L);
        assertThat(latest("part").step()).isEqualTo(12 + 4 + 10);
        assertThat(latest("part").epoch()).isEqualTo(2);
    }

    @Test
    void a_resume_with_another_setting_is_refused_by_its_name_with_both_values() {
        trainer("part").callback(at(12, state -> state.stop("enough"))).build().fit(moons);
        refused(builder -> builder.seed(8), "seed was 7, now 8");
        refused(builder -> builder.optimizer(Optimizers.sgd(1e-2)), "optimizer was ", "adam", "sgd");
        refused(builder -> builder.validationSplit(0.3), "0.2", "0.3");
        refused(builder -> builder.schedule(Schedules.constant()), "schedule", "cosine", "constant");
        refused(builder -> builder.emaDecay(0.9), "ema_decay was null, now 0.9");
        refused(builder -> builder.metrics(Metrics.topK(1)), "metrics", "accuracy");
        refused(builder -> builder.shuffle(false).dropLast(true), "shuffle was true, now false", "drop_last");
        refused(builder -> builder.monitor("val_accuracy"), "monitor", "val_loss", "val_accuracy");

        trainer("part")
                .epochs(1)
                .optimizer(Optimizers.adam(1e-3))
                .earlyStopping("val_loss", 3)
                .logEverySteps(5)
                .build()
                .fit(moons);
        assertThat(latest("part").step()).isEqualTo(20);
    }

    private void refused(UnaryOperator<TrainerBuilder> change, String... named) {
        int before = NativeMemory.liveTensors();
        assertThatThrownBy(() -> change.apply(trainer("part")).build().fit(moons))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll(named);
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
        assertThat(latest("part").step()).isEqualTo(12);
    }

    @Test
    void a_refused_monitor_leaves_no_tensor_and_no_file_and_names_the_nearest() {
        int before = NativeMemory.liveTensors();
        List<UnaryOperator<TrainerBuilder>> wrong = List.of(
                builder -> builder.monitor("val_accurracy"),
                builder -> builder.earlyStopping("val_acuracy", 2),
                builder -> builder.monitor("val_loss").earlyStopping("val_accurac", 2),
                builder -> builder.schedule(Schedules.reduceOnPlateau("val_acc_uracy", 0.5, 1)));
        for (UnaryOperator<TrainerBuilder> change : wrong) {
            assertThatThrownBy(() -> change.apply(trainer("refused")).build().fit(moons))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("did you mean \"val_accuracy\"");
        }
        assertThat(NativeMemory.liveTensors()).isEqualTo(before);
        assertThat(runs.resolve("refused")).doesNotExist();
    }

    @Test
    void a_second_training_in_the_same_directory_is_refused_with_who_holds_it() {
        AtomicReference<Throwable> second = new AtomicReference<>();
        trainer("one")
                .callback(at(3, state -> {
                    try {
                        trainer("one").build().fit(moons);
                    } catch (InputException e) {
                        second.set(e);
                    }
                }))
                .build()
                .fit(moons);
        assertThat(second.get())
                .hasMessageContaining("in use by another training")
                .hasMessageContaining("process " + ProcessHandle.current().pid())
                .hasMessageContaining("since 20");
        assertThat(latest("one").step()).isEqualTo(STEPS);
        trainer("one").epochs(3).build().fit(moons);
        assertThat(latest("one").epoch()).isEqualTo(3);
    }

    @Test
    void why_training_ended_early_is_an_event_of_the_log() throws Exception {
        trainer("part").callback(at(12, state -> state.stop("enough"))).build().fit(moons);
        List<String> lines = Files.readAllLines(runs.resolve("part").resolve(JsonLinesLog.FILE));
        assertThat(lines.get(lines.size() - 1)).contains("\"event\":\"stop\"").contains("\"reason\":\"enough\"");
    }

    @Test
    void files_that_count_batches_alone_are_still_understood() {
        String old = "{\"step\":12,\"epoch\":0,\"batch\":12,\"seconds\":1.5,\"metrics\":{},\"monitor\":\"val_loss\","
                + "\"state\":{\"JsonLinesLog.0\":{}}}";
        TrainerFile read = TrainerFile.ofJson(old);
        assertThat(read.examples()).isNull();
        Position position = new Position(
                Loader.of(moons).batchSize(24).build(), trainer("x").config());
        position.load(read, 24);
        assertThat(position.example()).isEqualTo(288);
        assertThat(position.step()).isEqualTo(12);
    }
}

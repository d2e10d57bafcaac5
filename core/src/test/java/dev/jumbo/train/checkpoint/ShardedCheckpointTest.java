package dev.jumbo.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Field;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.dist.Agreement;
import dev.jumbo.dist.ThreadWorlds;
import dev.jumbo.dist.World;
import dev.jumbo.error.FailureException;
import dev.jumbo.nn.FlatRange;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkpoints that several workers write together. The weights are 12 of the model's 15 values and 3 biases. */
class ShardedCheckpointTest {
    private static final long VALUES = 15;

    @TempDir
    Path directory;

    private Path run() {
        return directory.resolve("run");
    }

    @Test
    void is_whole_or_invisible_whenever_the_workers_are_killed() {
        write(2, 10, () -> {});
        List<Path> snapshots = Collections.synchronizedList(new ArrayList<>());
        write(2, 20, () -> {
            Path snapshot = directory.resolve("snapshot-" + snapshots.size());
            copy(run(), snapshot);
            snapshots.add(snapshot);
        });
        assertThat(snapshots).hasSizeGreaterThanOrEqualTo(5);
        List<Long> steps = new ArrayList<>();
        for (Path left : snapshots) {
            Checkpoint latest = Checkpoint.latest(left);
            assertThat(values(latest))
                    .as("%s", left)
                    .containsExactly(expected(latest.trainer().step()));
            steps.add(latest.trainer().step());
            // The next run clears what was left, and can write the same step again.
            write(left, 3, 20, () -> {});
            assertThat(names(left)).containsExactlyInAnyOrder("step-00000010", "step-00000020");
            assertThat(values(Checkpoint.latest(left))).containsExactly(expected(20));
        }
        assertThat(steps).contains(10L).isSorted();
        assertThat(Checkpoint.latest(run()).trainer().step()).isEqualTo(20);
    }

    @Test
    void leaves_the_one_before_in_charge_where_a_worker_cannot_write_its_part() {
        write(2, 10, () -> {});
        assertThatThrownBy(() -> ThreadWorlds.run(2, world -> {
                    CheckpointWriter writer = new CheckpointWriter(run(), 3, together(world));
                    world.barrier();
                    try (Scope scope = Scope.open()) {
                        Map<String, Tensor> state = world.isFirst()
                                ? Map.of("optimizer.sum", Tensor.zeros(Shape.of(7)))
                                : Map.of("__metadata__", Tensor.zeros(Shape.of(8)));
                        writer.write(contents(world, 20, state, () -> {}), true);
                    } catch (RuntimeException e) {
                        assertThat(e.getMessage()).contains("__metadata__");
                        throw e;
                    }
                    return 0;
                }))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("worker 1 failed");
        assertThat(names(run())).containsExactly("step-00000010");
        assertThat(Checkpoint.latest(run()).trainer().step()).isEqualTo(10);
    }

    @Test
    void says_that_workers_need_a_common_file_system() {
        assertThatThrownBy(() -> ThreadWorlds.run(2, world -> {
                    Path mine = directory.resolve("disk-" + world.rank());
                    try (Scope scope = Scope.open()) {
                        new CheckpointWriter(mine, 3, together(world))
                                .write(contents(world, 20, Map.of(), () -> {}), true);
                    }
                    return 0;
                }))
                .hasMessageContaining("worker 1")
                .hasMessageContaining("file system that they share");
    }

    @Test
    void gives_any_worker_of_any_number_its_part() {
        write(3, 10, () -> {});
        float[] all = expected(10);
        for (int size = 1; size <= 4; size++) {
            for (int rank = 0; rank < size; rank++) {
                // Ranges that have nothing to do with those of the files.
                List<FlatRange> ranges = List.of(
                        new FlatRange(VALUES * rank / size, VALUES * (rank + 1) / size), new FlatRange(rank, rank + 2));
                try (Scope scope = Scope.open()) {
                    float[] part = Checkpoint.latest(run())
                            .state()
                            .values("optimizer.sum", new Share.Ranges(ranges, VALUES))
                            .toFloats();
                    int at = 0;
                    for (FlatRange range : ranges) {
                        for (long i = range.start(); i < range.end(); i++) {
                            assertThat(part[at++]).isEqualTo(all[(int) i]);
                        }
                    }
                    assertThat(part).hasSize(at);
                }
            }
        }
    }

    /** Value i is 100 i and the step. */
    private static float[] expected(long step) {
        float[] all = new float[(int) VALUES];
        for (int i = 0; i < all.length; i++) {
            all[i] = 100 * i + step;
        }
        return all;
    }

    private static float[] values(Checkpoint checkpoint) {
        try (Scope scope = Scope.open()) {
            return checkpoint
                    .state()
                    .values("optimizer.sum", Share.Ranges.whole(VALUES))
                    .toFloats();
        }
    }

    private void write(int size, long step, Runnable between) {
        write(run(), size, step, between);
    }

    /** @param between called on the first worker whenever it waits for the others, and while it writes weights */
    private static void write(Path run, int size, long step, Runnable between) {
        ThreadWorlds.run(size, world -> {
            CheckpointWriter writer =
                    new CheckpointWriter(run, 3, together(world.isFirst() ? watched(world, between) : world));
            world.barrier(); // the first one has made the directory
            FlatRange own = range(world);
            float[] part = new float[(int) own.length()];
            System.arraycopy(expected(step), (int) own.start(), part, 0, part.length);
            try (Scope scope = Scope.open()) {
                Map<String, Tensor> state = Map.of("optimizer.sum", Tensor.of(part, Shape.of(part.length)));
                writer.write(contents(world, step, state, between), true);
            }
            return 0;
        });
    }

    private static FlatRange range(World world) {
        return new FlatRange(VALUES * world.rank() / world.size(), VALUES * (world.rank() + 1) / world.size());
    }

    private static CheckpointWriter.Contents contents(
            World world, long step, Map<String, Tensor> state, Runnable whileWriting) {
        ModelFile description = new ModelFile(
                ModelFile.FORMAT,
                List.of(Field.floats("x", Shape.of(4))),
                List.of(Field.floats("x", Shape.of(4))),
                List.of(Field.classId("y", List.of("a", "b", "c"))),
                Preprocessing.none(4),
                Losses.crossEntropy(),
                Layers.dense(3));
        Safetensors.Source weight = new Safetensors.Source("weight", DType.FLOAT32, Shape.of(3, 4), () -> {
            world.barrier(); // as where all gather what the first one writes
            if (world.isFirst()) {
                whileWriting.run();
            }
            return Tensor.zeros(Shape.of(3, 4));
        });
        Safetensors.Source bias =
                new Safetensors.Source("bias", DType.FLOAT32, Shape.of(3), () -> Tensor.zeros(Shape.of(3)));
        Share share = new Share(new Share.Ranges(List.of(range(world)), VALUES), Share.Ranges.whole(0));
        TrainerFile trainer = new TrainerFile(step, 0, 0, 0L, 1, Map.of(), "loss", Map.of(), null, Map.of());
        return new CheckpointWriter.Contents(description, trainer, List.of(weight, bias), state, share, "abc", 1);
    }

    private static Agreement together(World world) {
        return new Agreement(world, Device.CPU);
    }

    private static World watched(World world, Runnable between) {
        return (World) java.lang.reflect.Proxy.newProxyInstance(
                World.class.getClassLoader(), new Class<?>[] {World.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("allReduceSum")) {
                        between.run();
                    }
                    return method.getName().equals("isFirst") ? (Object) true : method.invoke(world, arguments);
                });
    }

    private static List<String> names(Path run) {
        try (Stream<Path> all = Files.list(run.resolve("checkpoints"))) {
            return all.map(p -> p.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.jumbo.dist;

import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** One rank of {@link WorldsTest}: calls every collective and writes what came out. Arguments: the port file, the result. */
final class CollectivesProgram {
    private CollectivesProgram() {}

    public static void main(String[] arguments) throws Exception {
        Placement placement = Environment.placement(System.getenv()).orElseThrow();
        List<String> lines = new ArrayList<>();
        try (World world =
                Worlds.join(placement, new FileRendezvous(Path.of(arguments[0])), Device.CPU, Duration.ofSeconds(20))) {
            int rank = world.rank();
            lines.add("size " + world.size());
            lines.add("exchange " + world.exchange("text of " + rank) + " " + world.exchange("again " + rank));
            try (Scope scope = Scope.open()) {
                Tensor sum = Tensor.of(new float[] {rank + 1, 10 * (rank + 1)}, Shape.of(2));
                Work first = world.allReduceSum(sum);
                Tensor other = Tensor.full(Shape.of(3), rank, dev.jumbo.tensor.DType.BFLOAT16);
                Work second = world.allReduceSum(other);
                second.await();
                first.await();
                lines.add("sum " + Arrays.toString(sum.toFloats()) + Arrays.toString(other.toFloats()));
                Tensor flat = Tensor.zeros(Shape.of(2L * world.size()));
                flat.narrow(0, 2L * rank, 2).fill_(rank + 1);
                world.allGather(flat).await();
                lines.add("gather " + Arrays.toString(flat.toFloats()));
                Tensor told = Tensor.full(Shape.of(2), rank, dev.jumbo.tensor.DType.FLOAT32);
                world.broadcast(told, 1);
                lines.add("broadcast " + Arrays.toString(told.toFloats()));
                if (rank == 0) {
                    world.send(Tensor.full(Shape.of(4), 7, dev.jumbo.tensor.DType.FLOAT32), 1, 3)
                            .await();
                } else if (rank == 1) {
                    Tensor got = Tensor.zeros(Shape.of(4));
                    world.receive(got, 0, 3).await();
                    lines.add("received " + Arrays.toString(got.toFloats()));
                }
            }
            world.barrier();
            if (Files.exists(Path.of("/proc/self/task"))) {
                lines.add("scheduling " + scheduling());
            }
        }
        Files.write(Path.of(arguments[1]), lines);
    }

    /** The policies of all threads by number (sched(7)); proc_pid_stat(5): the 41st field, after a name that may hold anything. */
    private static Set<String> scheduling() throws IOException {
        Set<String> policies = new TreeSet<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                policies.add(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[41 - 3]);
            }
        }
        return policies;
    }

    /** The port through a file. */
    private record FileRendezvous(Path file) implements Rendezvous {
        @Override
        public void announce(String address) {
            try {
                Path draft = Files.writeString(file.resolveSibling("draft"), address);
                Files.move(draft, file);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }

        @Override
        public String await() {
            try {
                while (!Files.exists(file)) {
                    Thread.sleep(5);
                }
                return Files.readString(file);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

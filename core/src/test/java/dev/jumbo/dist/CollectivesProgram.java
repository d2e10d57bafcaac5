package dev.jumbo.dist;

import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

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
        }
        Files.write(Path.of(arguments[1]), lines);
    }

    /** The port through a file. */
    private record FileRendezvous(Path file) implements Rendezvous {
        @Override
        public void announce(String address) {
            try {
                Path draft = Files.writeString(file.resolveSibling("draft"), address);
                Files.move(draft, file);
            } catch (java.io.IOException e) {
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
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}

package dev.jumbo.benchmarks;

import dev.jumbo.dist.Environment;
import dev.jumbo.dist.Placement;
import dev.jumbo.dist.Rendezvous;
import dev.jumbo.dist.World;
import dev.jumbo.dist.Worlds;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * One rank of a measurement of all-reduce: for several sizes, the median seconds of one, and the latency of one that is a
 * single value. Rank 0 prints the result. The environment is torchrun's.
 *
 * <p>Usage: {@code AllReduce REPEATS}
 */
public final class AllReduce {
    private static final List<Integer> MEGABYTES = List.of(1, 4, 10, 25);
    private static final int LATENCY_REPEATS = 101;

    private AllReduce() {}

    public static void main(String[] args) {
        int repeats = Integer.parseInt(args[0]);
        Placement placement = Environment.placement(System.getenv())
                .orElseThrow(() -> new InputException("expected RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT"));
        try (World world = Worlds.join(placement, Rendezvous.fixed(), Device.CPU, Duration.ofSeconds(60))) {
            Result result =
                    new Result().put("ranks", world.size()).put("latency_s", seconds(world, 1, LATENCY_REPEATS));
            for (int megabytes : MEGABYTES) {
                result.put("allreduce_" + megabytes + "_mb_s", seconds(world, megabytes * 250_000, repeats));
            }
            if (world.isFirst()) {
                result.print();
            }
            world.barrier();
        }
    }

    private static double seconds(World world, int elements, int repeats) {
        double[] seconds = new double[repeats];
        for (int i = 0; i < repeats; i++) {
            world.barrier();
            try (Scope scope = Scope.open()) {
                Tensor tensor = Tensor.zeros(Shape.of(elements));
                world.barrier();
                long start = System.nanoTime();
                world.allReduceSum(tensor).await();
                seconds[i] = (System.nanoTime() - start) / 1e9;
            }
        }
        return Result.median(Arrays.copyOfRange(seconds, Math.min(1, repeats - 1), repeats));
    }
}

package dev.jumbo.dist;

import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Plain numbers on which all ranks agree, in fp64 and with the same bits everywhere: losses, counts, states of metrics.
 *
 * @param world the ranks
 * @param device where the world's tensors are
 */
public record Agreement(World world, Device device) {
    /** Numbers on their way. */
    @FunctionalInterface
    public interface Numbers {
        /** Waits for them. @throws dev.jumbo.error.FailureException if a rank cannot be reached */
        double[] await();
    }

    /** Starts adding up numbers, as many on every rank. The caller's scope stays open until they are there. */
    public Numbers sum(double... numbers) {
        if (world.size() == 1) {
            return () -> numbers;
        }
        Tensor tensor = Tensor.of(numbers, Shape.of(numbers.length)).to(device);
        Work work = world.allReduceSum(tensor);
        return () -> {
            work.await();
            return tensor.toDoubles();
        };
    }

    /** Whether it is so on any rank. */
    public boolean any(boolean here) {
        try (Scope scope = Scope.open()) {
            return sum(here ? 1 : 0).await()[0] > 0;
        }
    }

    /** What every rank has, of any length each, in the order of the ranks. */
    public List<double[]> gather(double[] numbers) {
        if (world.size() == 1) {
            return List.of(numbers);
        }
        try (Scope scope = Scope.open()) {
            double[] lengths = gatherEqual(new double[] {numbers.length});
            int longest = (int) Arrays.stream(lengths).max().orElse(0);
            List<double[]> all = new ArrayList<>();
            if (longest == 0) {
                for (int rank = 0; rank < world.size(); rank++) {
                    all.add(new double[0]);
                }
                return all;
            }
            double[] padded = gatherEqual(Arrays.copyOf(numbers, longest));
            for (int rank = 0; rank < world.size(); rank++) {
                all.add(Arrays.copyOfRange(padded, rank * longest, rank * longest + (int) lengths[rank]));
            }
            return all;
        }
    }

    private double[] gatherEqual(double[] numbers) {
        double[] all = new double[Math.multiplyExact(world.size(), numbers.length)];
        System.arraycopy(numbers, 0, all, world.rank() * numbers.length, numbers.length);
        Tensor tensor = Tensor.of(all, Shape.of(all.length)).to(device);
        world.allGather(tensor).await();
        return tensor.toDoubles();
    }
}

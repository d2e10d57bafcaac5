package dev.jumbo.train.parallel;

import dev.jumbo.dist.Agreement;
import dev.jumbo.error.FailureException;
import dev.jumbo.nn.FlatStore;
import dev.jumbo.tensor.Checksum;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whether all workers hold the same parameters, bit by bit, as they do while each adds the same sums to the same values. A
 * worker with a fault in its memory, or with another result of one operation, would otherwise train another model unseen.
 */
public final class SameParameters {
    /** Eight digits are a whole number that fp64 holds. */
    private static final int DIGITS = 8;

    private static final int BASE = 16;

    private SameParameters() {}

    /**
     * Compares a SHA-256 of what passes compute with, parameters and buffers. Every worker calls it.
     *
     * @return that SHA-256 in hexadecimal
     * @throws FailureException on every worker, naming those that hold something else than the first one
     */
    public static String require(Agreement agreement, FlatStore store, long step) {
        List<Tensor> all = new ArrayList<>();
        store.parts().forEach(part -> all.add(part.values()));
        all.add(store.buffers());
        String checksum = Checksum.sha256(all);
        List<double[]> checksums = agreement.gather(numbers(checksum));
        List<Integer> others = new ArrayList<>();
        for (int rank = 1; rank < checksums.size(); rank++) {
            if (!Arrays.equals(checksums.get(rank), checksums.get(0))) {
                others.add(rank);
            }
        }
        if (!others.isEmpty()) {
            throw new FailureException("expected the same parameters on all workers at step " + step
                    + ", received others on rank " + others + " than on rank 0 (SHA-256; here " + checksum
                    + "): an operation gave them another result, so look at the memory and the versions of their machines."
                    + " Earlier checkpoints are untouched");
        }
        return checksum;
    }

    private static double[] numbers(String checksum) {
        double[] numbers = new double[checksum.length() / DIGITS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Long.parseLong(checksum.substring(i * DIGITS, (i + 1) * DIGITS), BASE);
        }
        return numbers;
    }
}

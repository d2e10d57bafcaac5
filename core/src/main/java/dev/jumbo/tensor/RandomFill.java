package dev.jumbo.tensor;

import dev.jumbo.error.InputException;
import org.bytedeco.pytorch.global.torch;

/** Random values that initialise parameters, from the thread's generator; see {@link RandomState#seedTorch}. */
public final class RandomFill {
    /** erf(2 / sqrt(2)): the share of a normal distribution within two standard deviations. */
    private static final double WITHIN_TWO = 0.9544997361036416;

    private RandomFill() {}

    /** Normal values of which none is further than two standard deviations from the mean; overwrites the tensor. */
    public static Tensor truncatedNormal_(Tensor x, double mean, double standardDeviation) {
        x.uniform_(-WITHIN_TWO, WITHIN_TWO);
        x.handle().erfinv_();
        // Rounding at the very ends of the interval may exceed the bound by a unit in the last place.
        return x.mul_(standardDeviation * Math.sqrt(2))
                .add_(mean)
                .clamp_(mean - 2 * standardDeviation, mean + 2 * standardDeviation);
    }

    /**
     * Overwrites a matrix {@code [rows, ...]} (flattened behind the first dimension) with one whose rows or columns,
     * whichever are fewer, are orthogonal with the norm {@code gain}, uniformly distributed among those (Saxe et al., 2014).
     *
     * @throws InputException if it has fewer than two dimensions
     */
    public static Tensor orthogonal_(Tensor x, double gain) {
        if (x.rank() < 2) {
            throw new InputException("orthogonal: expected a tensor of two or more dimensions, received " + x.shape());
        }
        if (x.elements() == 0) {
            return x;
        }
        try (Scope scope = Scope.open()) {
            long rows = x.size(0);
            long columns = x.elements() / rows;
            Tensor tall = Tensor.randn(Shape.of(Math.max(rows, columns), Math.min(rows, columns)));
            var qr = torch.linalg_qr(tall.handle());
            // With the signs of R's diagonal the factorisation is unique, and Q uniform.
            Tensor q = Tensor.wrap(qr.get0().mul(qr.get1().diagonal().sign()));
            Tensor matrix = rows < columns ? q.transpose(0, 1) : q;
            x.copy_(matrix.reshape(x.shape().toArray())).mul_(gain);
        }
        return x;
    }
}

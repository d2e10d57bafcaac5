package dev.jumbo.nn;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.Initializer.Fans;
import dev.jumbo.tensor.RandomFill;
import dev.jumbo.tensor.Tensor;
import java.util.List;

/**
 * Keras's and PyTorch's initialisers by name. In the formulas, in and out are the {@link Fans} of the parameter; U(l) is
 * uniform from -l to l, N(s) normal with the standard deviation s, T(s) normal with the standard deviation s after all
 * values further than two (of the underlying) standard deviations from 0 were drawn again.
 *
 * <p>PyTorch's own layers start with {@code kaiming_uniform} (a = sqrt(5)) for weights and biases.
 */
public final class Initializers {
    /** Standard deviation of a standard normal distribution that is cut off at -2 and 2. */
    private static final double TRUNCATED_STANDARD_DEVIATION = 0.87962566103423978;

    private Initializers() {}

    /** Every initialiser that a file may name. */
    public static List<Class<? extends Initializer>> kinds() {
        return List.of(
                Zeros.class,
                Ones.class,
                Constant.class,
                RandomUniform.class,
                RandomNormal.class,
                TruncatedNormal.class,
                GlorotUniform.class,
                GlorotNormal.class,
                HeUniform.class,
                HeNormal.class,
                LecunUniform.class,
                LecunNormal.class,
                KaimingUniform.class,
                KaimingNormal.class,
                XavierUniform.class,
                XavierNormal.class,
                Orthogonal.class,
                Scaled.class);
    }

    public static Initializer zeros() {
        return new Zeros();
    }

    public static Initializer ones() {
        return new Ones();
    }

    public static Initializer constant(double value) {
        return new Constant(value);
    }

    /** Keras's default for kernels. */
    public static Initializer glorotUniform() {
        return new GlorotUniform();
    }

    public static Initializer heNormal() {
        return new HeNormal();
    }

    /** PyTorch's default for the weights and biases of linear layers and convolutions: U(1 / sqrt(in)). */
    public static Initializer kaimingUniform() {
        return new KaimingUniform(Math.sqrt(5));
    }

    public static Initializer randomUniform(double limit) {
        return new RandomUniform(-limit, limit);
    }

    public static Initializer randomNormal(double standardDeviation) {
        return new RandomNormal(0, standardDeviation);
    }

    public static Initializer truncatedNormal(double standardDeviation) {
        return new TruncatedNormal(0, standardDeviation);
    }

    public static Initializer orthogonal() {
        return new Orthogonal(1);
    }

    private static void uniform(Tensor p, double limit) {
        p.uniform_(-limit, limit);
    }

    /** T(s): the underlying distribution is wider, so that s is what remains after truncation. */
    private static void truncated(Tensor p, double standardDeviation) {
        RandomFill.truncatedNormal_(p, 0, standardDeviation / TRUNCATED_STANDARD_DEVIATION);
    }

    /** PyTorch counts the fans of a weight by its shape; only a bias, which has none, borrows those of its weight. */
    private static Fans torchFans(Tensor p, Fans given) {
        return p.rank() < 2 ? given : Fans.of(p.shape());
    }

    /** PyTorch's gain for a leaky ReLU of slope a: sqrt(2 / (1 + a^2)). */
    private static double leakyGain(double a) {
        return Math.sqrt(2 / (1 + a * a));
    }

    /** All 0. */
    @Kind("zeros")
    public record Zeros() implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            p.zero_();
        }
    }

    /** All 1. */
    @Kind("ones")
    public record Ones() implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            p.fill_(1);
        }
    }

    /** All the same value. */
    @Kind("constant")
    public record Constant(@Doc("Every value.") double value) implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            p.fill_(value);
        }
    }

    /** Uniform from a minimum to a maximum; the defaults are Keras's. */
    @Kind("random_uniform")
    public record RandomUniform(
            @Doc("Lower end.") @Default("-0.05") double minval,
            @Doc("Upper end.") @Default("0.05") double maxval) implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            p.uniform_(minval, maxval);
        }
    }

    /** Normal; the defaults are Keras's. */
    @Kind("random_normal")
    public record RandomNormal(
            @Doc("Mean.") @Default("0.0") double mean,
            @Doc("Standard deviation.") @Default("0.05") double stddev) implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            p.normal_(mean, stddev);
        }
    }

    /** Normal, values further than two standard deviations from the mean drawn again; the defaults are Keras's. */
    @Kind("truncated_normal")
    public record TruncatedNormal(
            @Doc("Mean.") @Default("0.0") double mean,

            @Doc("Standard deviation before values are cut off.") @Default("0.05")
            double stddev)
            implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            RandomFill.truncatedNormal_(p, mean, stddev);
        }
    }

    /** U(sqrt(6 / (in + out))) (Glorot, Bengio, 2010, equation 16). */
    @Kind("glorot_uniform")
    public record GlorotUniform() implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            uniform(p, Math.sqrt(6.0 / (fans.in() + fans.out())));
        }
    }

    /** T(sqrt(2 / (in + out))) (Glorot, Bengio, 2010). */
    @Kind("glorot_normal")
    public record GlorotNormal() implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            truncated(p, Math.sqrt(2.0 / (fans.in() + fans.out())));
        }
    }

    /** U(sqrt(6 / in)) (He et al., 2015). */
    @Kind("he_uniform")
    public record HeUniform() implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            uniform(p, Math.sqrt(6.0 / fans.in()));
        }
    }

    /** T(sqrt(2 / in)) (He et al., 2015, equation 10). */
    @Kind("he_normal")
    public record HeNormal() implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            truncated(p, Math.sqrt(2.0 / fans.in()));
        }
    }

    /** U(sqrt(3 / in)) (LeCun et al., 1998, section 4.6). */
    @Kind("lecun_uniform")
    public record LecunUniform() implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            uniform(p, Math.sqrt(3.0 / fans.in()));
        }
    }

    /** T(sqrt(1 / in)) (LeCun et al., 1998, section 4.6). */
    @Kind("lecun_normal")
    public record LecunNormal() implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            truncated(p, Math.sqrt(1.0 / fans.in()));
        }
    }

    /** PyTorch's U(gain sqrt(3 / in)), gain = sqrt(2 / (1 + a^2)); by default U(1 / sqrt(in)). */
    @Kind("kaiming_uniform")
    public record KaimingUniform(
            @Doc("Slope of the leaky ReLU behind.") @Default("2.23606797749979")
            double a) implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            uniform(p, leakyGain(a) * Math.sqrt(3.0 / torchFans(p, fans).in()));
        }
    }

    /** PyTorch's N(gain / sqrt(in)), gain = sqrt(2 / (1 + a^2)). */
    @Kind("kaiming_normal")
    public record KaimingNormal(
            @Doc("Slope of the leaky ReLU behind.") @Default("0.0")
            double a) implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            p.normal_(0, leakyGain(a) / Math.sqrt(torchFans(p, fans).in()));
        }
    }

    /** PyTorch's U(gain sqrt(6 / (in + out))). */
    @Kind("xavier_uniform")
    public record XavierUniform(
            @Doc("Factor of the scale.") @Default("1.0") double gain) implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            Fans own = torchFans(p, fans);
            uniform(p, gain * Math.sqrt(6.0 / (own.in() + own.out())));
        }
    }

    /** PyTorch's N(gain sqrt(2 / (in + out))). */
    @Kind("xavier_normal")
    public record XavierNormal(
            @Doc("Factor of the scale.") @Default("1.0") double gain) implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            Fans own = torchFans(p, fans);
            p.normal_(0, gain * Math.sqrt(2.0 / (own.in() + own.out())));
        }
    }

    /** An orthogonal matrix, {@code [out, rest]} (Saxe et al., 2014). For weights of two or more dimensions. */
    @Kind("orthogonal")
    public record Orthogonal(
            @Doc("Norm of its rows or columns.") @Default("1.0")
            double gain) implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            RandomFill.orthogonal_(p, gain);
        }
    }

    /** Those of another one, times a factor. */
    @Kind("scaled")
    public record Scaled(
            @Doc("Draws the values.") Initializer initializer,
            @Doc("What they are multiplied with.") double factor) implements Initializer {
        @Override
        public void fill(Tensor p, Fans fans) {
            initializer.fill(p, fans);
            p.mul_(factor);
        }
    }
}

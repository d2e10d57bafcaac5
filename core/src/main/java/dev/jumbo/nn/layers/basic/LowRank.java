package dev.jumbo.nn.layers.basic;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Initializer.Fans;
import dev.jumbo.nn.Initializers;
import dev.jumbo.nn.Layout;
import dev.jumbo.nn.Parameter;
import dev.jumbo.nn.Parameters;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.each.Products;
import dev.jumbo.nn.work.Operation;
import dev.jumbo.nn.work.Operation.Kept;
import dev.jumbo.nn.work.Operation.Size;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of low rank of a matrix {@code W [out, in]} that stays as it is (Hu et al., 2021, "LoRA"): {@code y = x W^T + s
 * dropout(x) A^T B^T} with {@code A [r, in]}, {@code B [out, r]} and {@code s = alpha / r}. A starts uniform in {@code 1 / sqrt(in)}
 * and B with zeros, as PEFT's, so that the first values are the base's. Parameters: {@code lora_A.weight}, {@code lora_B.weight}.
 *
 * <p>With {@code useRslora} {@code s = alpha / sqrt(r)} (Kalajdzievski, 2023). With {@code useDora} the length of each row is learned by
 * itself (Liu et al., 2024, "DoRA"): {@code W' = m (W + s B A) / |W + s B A|}, where the norm of the rows is a constant for gradients
 * (section 4.3); {@code lora_magnitude_vector [out]} is m and starts as {@code |W|}.
 *
 * @param r the rank, from 1 to the lesser side of the matrix
 * @param alpha above 0
 * @param dropout of what goes into A, in training
 */
public record LowRank(
        @Doc("Rank: rows of A, columns of B.") int r,

        @Doc("What is added counts this much, divided by the rank.") @Default("8.0")
        double alpha,

        @Doc("Dropout of what goes into A, in training.") @Default("0.0")
        double dropout,

        @Doc("Whether alpha is divided by the square root of the rank.") @Default("false")
        boolean useRslora,

        @Doc("Whether the length of each row of the matrix is learned by itself.") @Default("false")
        boolean useDora) {
    /** Names of what it has, below the path of the layer. */
    public static final String A = "lora_A";

    public static final String B = "lora_B";
    public static final String MAGNITUDE = "lora_magnitude_vector";

    public LowRank {
        if (r < 1) {
            throw new InputException("lora.r: expected a rank of 1 or more, received " + r);
        }
        if (!(alpha > 0) || Double.isInfinite(alpha)) {
            throw new InputException("lora.lora_alpha: expected a number above 0, received " + alpha);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new InputException("lora.lora_dropout: expected a rate from 0 to below 1, received " + dropout);
        }
    }

    /** The factor s of what is added. */
    public double scaling() {
        return alpha / (useRslora ? Math.sqrt(r) : r);
    }

    /** @throws InputException if the rank is above that of a matrix @param path of the layer */
    public void requireFit(String path, long out, long in) {
        if (r > Math.min(out, in)) {
            throw new InputException("lora.r: expected a rank of at most " + Math.min(out, in) + " for " + path
                    + ", a matrix of " + out + " by " + in + ", received " + r);
        }
    }

    /** Multiply-adds count as two. @param rows that are multiplied for one example */
    public long flops(long rows, long out, long in) {
        return 2 * rows * r * (out + in) + (useDora ? 2 * out * r * in : 0);
    }

    /** What it runs and keeps for one example, beside the product of the matrix. @param rows that are multiplied */
    public List<Operation> work(long rows, long out, long in) {
        List<Operation> work = new ArrayList<>();
        Dropout.work(dropout, rows * in, work);
        work.add(Operation.product("", "dense", rows * in, new Size(rows, in, r)));
        work.add(Operation.product("", "dense", rows * r, new Size(rows, r, out)));
        if (useDora && dropout > 0) {
            // What was dropped from, times the matrix again.
            work.add(Operation.product("", "dense", rows * in, new Size(rows, in, out)));
        }
        if (useDora) {
            work.add(Operation.product("", "dense", out * r, new Size(out, r, in))
                    .withKept(Kept.NOTHING));
        }
        // Scaled and added; with useDora the product without its bias, both times their factors, and two sums.
        work.add(Operation.pass("", "add", rows * out, rows * out, Kept.values((useDora ? 6 : 2) * rows * out)));
        return work;
    }

    /**
     * The change of a matrix, built below a path.
     *
     * @param weight {@code [out, in]}
     * @param bias that the product adds, or null
     */
    public Built build(Parameters into, Parameter weight, @Nullable Parameter bias) {
        long out = weight.shape().size(0);
        long in = weight.shape().size(1);
        requireFit(into.path(), out, in);
        Shape first = Shape.of(r, in);
        Parameter a =
                into.child(A).weight("weight", first, Initializers.kaimingUniform(), Fans.of(first), Layout.PLAIN);
        Parameter b = into.child(B).weight("weight", Shape.of(out, r), Initializers.zeros());
        Parameter m = useDora ? into.norm(MAGNITUDE, Shape.of(out), weight, LowRank::lengths) : null;
        return new Built(this, weight, bias, a, b, m);
    }

    /** Euclidean norm of each row, {@code [rows]}. */
    static Tensor lengths(Tensor matrix) {
        return matrix.mul(matrix).sum(false, 1).sqrt();
    }

    /**
     * The matrix with the change: {@code W + s B A}, with useDora each row scaled to the length m.
     *
     * @param weight {@code [out, in]}
     * @param magnitude {@code [out]}; null without useDora
     */
    public Tensor merged(Tensor weight, Tensor a, Tensor b, @Nullable Tensor magnitude) {
        // In double precision: rounded once, at the end.
        Tensor sum = weight.to(DType.FLOAT64)
                .add(b.to(DType.FLOAT64).matmul(a.to(DType.FLOAT64)).mul(scaling()));
        Tensor merged = magnitude == null
                ? sum
                : sum.mul(magnitude.to(DType.FLOAT64).div(lengths(sum)).unsqueeze(1));
        return merged.to(DType.FLOAT32);
    }

    /**
     * A change with its parameters.
     *
     * @param magnitude null without useDora
     */
    public record Built(
            LowRank how,
            Parameter weight,
            @Nullable Parameter bias,
            Parameter a,
            Parameter b,
            @Nullable Parameter magnitude) {
        /**
         * The product with the change.
         *
         * @param x what goes in, {@code [N, ..., in]}
         * @param y what the base makes of it, {@code x W^T + bias}
         */
        public Tensor forward(Tensor x, Tensor y, Pass pass) {
            if (!pass.adapted()) {
                return y;
            }
            boolean drops = pass.training() && how.dropout > 0;
            Tensor given = Functional.dropout(x, how.dropout, drops);
            Tensor inside = Functional.linear(given, a.tensor(), null);
            Tensor low = pass.perExample(inside, (gradient, each) -> each.add(a, Products.of(gradient, given)));
            Tensor outside = Functional.linear(low, b.tensor(), null);
            Tensor change = pass.perExample(outside, (gradient, each) -> each.add(b, Products.of(gradient, low)))
                    .mul(how.scaling());
            return magnitude == null ? y.add(change) : y.add(turned(given, drops ? null : y, change, magnitude));
        }

        /** What DoRA adds: {@code (m / |W'| - 1) x W^T + m / |W'| low}. @param y null where x was dropped from */
        private Tensor turned(Tensor x, @Nullable Tensor y, Tensor low, Parameter length) {
            Tensor w = weight.tensor();
            Tensor norm;
            // Matrices as large as the base's are made on the way, and not held until the end of the step.
            try (Autograd off = Autograd.noGrad();
                    Scope scope = Scope.open()) {
                Tensor change = wide(b.tensor()).matmul(wide(a.tensor()));
                norm = scope.keep(lengths(wide(w).add(change.mul(how.scaling()))));
            }
            Tensor factor = length.tensor().div(norm).to(low.dtype());
            Tensor plain = y == null ? Functional.linear(x, w, null) : bias == null ? y : y.sub(bias.tensor());
            return plain.mul(factor.sub(1)).add(low.mul(factor));
        }

        /** A norm in bf16 would be wrong in the third digit. */
        private static Tensor wide(Tensor matrix) {
            return matrix.dtype() == DType.BFLOAT16 ? matrix.to(DType.FLOAT32) : matrix;
        }
    }
}

package dev.jumbo.train.optim;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.PlacedParameter;
import dev.jumbo.nn.weights.NamePattern;
import dev.jumbo.tensor.DType;
import java.util.List;

/**
 * Momentum whose matrices are made orthogonal before each step (Jordan et al., 2024), as {@code torch.optim.Muon}; what is no matrix of a
 * hidden layer changes by {@link AdamW}.
 *
 * <pre>
 * m = momentum m + (1 - momentum) g
 * u = momentum m + (1 - momentum) g       with nesterov, else u = m
 * x = u / max(|u|, epsilon), transposed where it has more rows than columns
 * ns_steps times: x = a x + (b x x^T + c (x x^T)^2) x
 * w = w (1 - learning_rate weight_decay) - learning_rate scale x
 * scale = sqrt(max(1, rows / columns))    original
 * scale = 0.2 sqrt(max(rows, columns))    match_rms_adamw (Liu et al., 2025, Moonlight)
 * </pre>
 *
 * <p>By {@code match_rms_adamw} a step is as large as AdamW's, whose learning rate and weight decay it then takes. AdamW changes biases,
 * normalisations, kernels, tables of embeddings (and the output layer that shares one) and the matrices that {@code adamwParameters} names. A
 * layer that holds several matrices as one, such as the projections of attention, is one matrix, as in PyTorch. Both keep as much between
 * steps as AdamW. Workers each step the whole model ({@code data_parallel}); where they divide its values it is refused.
 *
 * @param learningRate of the matrices, 0 or more
 * @param momentum decay of m, 0 to below 1
 * @param nesterov whether the step looks ahead
 * @param weightDecay share of a matrix that goes away in a step, times the learning rate
 * @param nsSteps Newton-Schulz iterations, 1 to 99
 * @param nsCoefficients a, b and c
 * @param epsilon least norm that is divided by
 * @param adjustLrFn the scale of a step
 * @param nsPrecision of the iterations: {@code bf16} as in PyTorch, or {@code fp32} where the processor has no bf16 of its own
 * @param adamw of everything else; its learning rate follows the schedule in proportion
 * @param adamwParameters patterns of further matrices that AdamW changes
 */
@Kind("muon")
public record Muon(
        @Doc("Base learning rate of the matrices.") @Default("0.001")
        double learningRate,

        @Doc("Decay of the running mean of gradients.") @Default("0.95")
        double momentum,

        @Doc("Whether the step looks ahead.") @Default("true")
        boolean nesterov,

        @Doc("Decay of matrices apart from the gradient.") @Default("0.1")
        double weightDecay,

        @Doc("Newton-Schulz iterations.") @Default("5") int nsSteps,

        @Doc("Coefficients a, b and c of an iteration.") @Default("[3.4445, -4.775, 2.0315]")
        List<Double> nsCoefficients,

        @Doc("Least norm that is divided by.") @Default("1e-7")
        double epsilon,

        @Doc(
                "Scale of a step: original, sqrt(max(1, rows / columns)), or match_rms_adamw, 0.2 sqrt(max(rows, columns)).")
        @Default("original")
        Adjustment adjustLrFn,

        @Doc("Arithmetic of the iterations: bf16 as in PyTorch, or fp32.") @Default("bf16")
        Iterations nsPrecision,

        @Doc("How everything but matrices changes; its learning rate follows the schedule in proportion.")
        @Default("{}")
        AdamW adamw,

        @Doc("Patterns of further matrices that AdamW changes, such as an output layer of its own.")
        @Default("[lm_head, \"*.lm_head\"]")
        List<String> adamwParameters)
        implements Optimizer {
    /** The scale of a step. */
    public enum Adjustment {
        /** Jordan's. */
        ORIGINAL,
        /** Moonlight's: as large as AdamW's steps. */
        MATCH_RMS_ADAMW;

        /** Of a matrix of so many rows and columns. */
        double scale(long rows, long columns) {
            return this == ORIGINAL
                    ? Math.sqrt(Math.max(1, (double) rows / columns))
                    : 0.2 * Math.sqrt(Math.max(rows, columns));
        }
    }

    /** The type that iterations compute in. */
    public enum Iterations {
        /** Eight bits of mantissa, which suffice. */
        BF16(DType.BFLOAT16),
        /** For processors that are slow in bf16. */
        FP32(DType.FLOAT32);

        private final DType type;

        Iterations(DType type) {
            this.type = type;
        }

        DType type() {
            return type;
        }
    }

    public Muon {
        nsCoefficients = List.copyOf(nsCoefficients);
        adamwParameters = List.copyOf(adamwParameters);
        Range.atLeastZero("muon.learning_rate", learningRate);
        Range.fraction("muon.momentum", momentum);
        Range.atLeastZero("muon.weight_decay", weightDecay);
        Range.aboveZero("muon.epsilon", epsilon);
        Range.require(nsSteps >= 1 && nsSteps <= 99, "muon.ns_steps", "1 to 99", nsSteps);
        Range.require(nsCoefficients.size() == 3, "muon.ns_coefficients", "three numbers", nsCoefficients);
        Range.require(
                learningRate > 0 || adamw.learningRate() == 0,
                "muon.learning_rate",
                "more than 0, as that of adamw is a multiple of it",
                learningRate);
        adamwParameters.forEach(NamePattern::of);
    }

    /** Of PyTorch's settings, AdamW with a learning rate of its own. */
    public Muon(double learningRate, double weightDecay, Adjustment adjustment, AdamW adamw) {
        this(
                learningRate,
                0.95,
                true,
                weightDecay,
                5,
                List.of(3.4445, -4.775, 2.0315),
                1e-7,
                adjustment,
                Iterations.BF16,
                adamw,
                List.of("lm_head", "*.lm_head"));
    }

    @Override
    public int slots() {
        return 2;
    }

    /** Whether a parameter is a matrix that is made orthogonal. */
    boolean takes(PlacedParameter parameter) {
        return parameter.isMatrix()
                && adamwParameters.stream().map(NamePattern::of).noneMatch(p -> p.matches(parameter.name()));
    }

    /** @throws dev.jumbo.error.InputException where workers divide the values between them */
    @Override
    public OptimizerState build(FlatSlice slice) {
        return new MuonState(slice, this);
    }
}

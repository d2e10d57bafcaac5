package dev.jumbo.train.optim;

import dev.jumbo.nn.FlatRange;
import dev.jumbo.nn.FlatSlice;
import dev.jumbo.nn.PlacedParameter;
import dev.jumbo.nn.Segment;
import dev.jumbo.tensor.FusedAdam;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Running means of all gradients, and of the squares of those that AdamW steps by. */
final class MuonState extends FlatState {
    private final Muon rule;
    private final FusedAdam adam;
    private final Tensor mean;
    private final Tensor square;
    private final List<Matrix> matrices = new ArrayList<>();
    private final List<Runs.Run> rest = new ArrayList<>();

    /** @param step times the learning rate of a step @param decay times the learning rate too */
    private record Matrix(FlatRange range, long rows, long columns, double step, double decay) {}

    MuonState(FlatSlice slice, Muon rule) {
        this(slice, rule, slice.parameters());
    }

    private MuonState(FlatSlice slice, Muon rule, List<PlacedParameter> parameters) {
        super(slice, rule.weightDecay(), false);
        this.rule = rule;
        adam = new FusedAdam(
                rule.adamw().beta1(), rule.adamw().beta2(), rule.adamw().epsilon(), true);
        mean = slot("momentum_buffer", 0);
        square = slot("exp_avg_sq", 0);
        List<Segment> others = new ArrayList<>();
        for (PlacedParameter parameter : parameters) {
            if (rule.takes(parameter)) {
                addRest(others);
                others.clear();
                matrices.add(matrix(parameter));
            } else {
                others.add(parameter.segment());
            }
        }
        addRest(others);
    }

    private Matrix matrix(PlacedParameter parameter) {
        Segment segment = parameter.segment();
        long rows = parameter.shape().size(0);
        long columns = parameter.shape().size(1);
        double rate = segment.learningRateScale();
        double decay = segment.weightDecay() == null ? rule.weightDecay() : segment.weightDecay();
        return new Matrix(
                segment.range(), rows, columns, rate * rule.adjustLrFn().scale(rows, columns), rate * decay);
    }

    /** Neighbours are stepped as one. */
    private void addRest(List<Segment> neighbours) {
        double rate = rule.adamw().learningRate() == 0 ? 0 : rule.adamw().learningRate() / rule.learningRate();
        for (Runs.Run run :
                new Runs(neighbours, rule.adamw().weightDecay(), rule.adamw().decayAll()).byBoth()) {
            rest.add(new Runs.Run(run.range(), rate * run.learningRateScale(), run.weightDecay()));
        }
    }

    @Override
    void update(double learningRate) {
        for (Matrix matrix : matrices) {
            try (Scope scope = Scope.open()) {
                step(matrix, learningRate);
            }
        }
        for (Runs.Run run : rest) {
            adam.step(
                    run.range().of(values),
                    run.range().of(gradients()),
                    run.range().of(mean),
                    run.range().of(square),
                    count(),
                    learningRate * run.learningRateScale(),
                    run.weightDecay());
        }
    }

    private void step(Matrix matrix, double learningRate) {
        Tensor gradient = matrix.range().of(gradients());
        Tensor running = matrix.range().of(mean).lerp_(gradient, 1 - rule.momentum());
        Tensor ahead = rule.nesterov() ? gradient.lerp_(running, rule.momentum()) : running;
        Tensor direction = orthogonal(ahead.view(matrix.rows(), matrix.columns()));
        matrix.range()
                .of(values)
                .mul_(1 - learningRate * matrix.decay())
                .view(matrix.rows(), matrix.columns())
                .add_(direction.to(values.dtype()), -learningRate * matrix.step());
    }

    /** Near the orthogonal factor of a matrix: with singular values of 0.7 to 1.2 in the place of its own. */
    private Tensor orthogonal(Tensor matrix) {
        boolean tall = matrix.size(0) > matrix.size(1);
        double a = rule.nsCoefficients().get(0);
        double b = rule.nsCoefficients().get(1);
        double c = rule.nsCoefficients().get(2);
        Tensor low = matrix.to(rule.nsPrecision().type());
        Tensor wide = tall ? low.transpose(0, 1) : low;
        Tensor x = wide.div(wide.norm().clamp(rule.epsilon(), Double.POSITIVE_INFINITY));
        for (int i = 0; i < rule.nsSteps(); i++) {
            Tensor gram = x.matmul(x.transpose(0, 1));
            Tensor polynomial = gram.addmm(gram, gram, b, c);
            x = x.addmm(polynomial, x, a, 1);
        }
        return tall ? x.transpose(0, 1) : x;
    }
}

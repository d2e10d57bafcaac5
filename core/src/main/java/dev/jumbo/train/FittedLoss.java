package dev.jumbo.train;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Examples;
import dev.jumbo.data.Field;
import dev.jumbo.data.Moments;
import dev.jumbo.data.Row;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Answer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Target;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.nn.losses.ScaledTargets;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loss of the settings with what it takes from the training split: the weights of classes, the scale of targets. */
final class FittedLoss {
    private static final Logger LOG = LoggerFactory.getLogger(FittedLoss.class);

    /** Examples whose values are looked at before training. */
    private static final int LOOKED_AT = 256;

    /** So few different whole numbers may be classes. */
    private static final int FEW = 10;

    /** A spread below this share of the mean is what summing constant values leaves behind. */
    private static final double ROUNDING = 1e-12;

    /** How loud the log is: a scale that nobody asked for should be seen. */
    enum Say {
        NOTHING,
        AS_ASKED,
        AS_DEFAULT
    }

    private final Dataset train;
    private final Field field;
    private final Target target;
    private final int index;
    private final Row row;

    private FittedLoss(Dataset train, int output) {
        this.train = train;
        field = train.targets().get(output);
        target = Task.target(field);
        index = train.inputs().size() + output;
        row = Row.single(train);
    }

    /**
     * @param config whose task is settled
     * @param train the training split alone
     * @param outputs of the network, for one example
     * @param said how what was fitted is said in the log
     * @throws InputException if the values of the targets are not such as the loss takes
     */
    static Loss of(TrainConfig config, Dataset train, List<Shape> outputs, Say said) {
        Loss loss = config.task().loss();
        for (int i = 0; i < train.targets().size(); i++) {
            new FittedLoss(train, i).look(loss);
        }
        FittedLoss first = new FittedLoss(train, 0);
        Loss fitted = first.fitted(loss, outputs.get(0), said);
        if (train.targets().size() > 1 && !fitted.equals(loss)) {
            throw new InputException(
                    "loss: what is fitted on the training split, such as class_weights: balanced, needs one"
                            + " target, received " + train.targets().size() + "; write the weights as a list");
        }
        return config.targetScaling() == TargetScaling.STANDARD ? first.scaled(fitted, said) : fitted;
    }

    /** The loss of one output of several, fitted on its own target. */
    static Loss of(Loss loss, Dataset train, int output, Shape shape, boolean scales, Say said) {
        FittedLoss own = new FittedLoss(train, output);
        own.look(loss);
        Loss fitted = own.fitted(loss, shape, said);
        return scales && own.target.isNumbers() && loss.answer(own.target) == Answer.NUMBERS
                ? own.scaled(fitted, said)
                : fitted;
    }

    private Loss fitted(Loss loss, Shape output, Say said) {
        Loss fitted = loss.fitted(target, counts(loss, output));
        fitted.check(output, target);
        String ignored = fitted instanceof CrossEntropy entropy ? entropy.ignored(target) : null;
        if (ignored != null && said != Say.NOTHING) {
            LOG.warn("{}", ignored);
        }
        return fitted;
    }

    private double[] values(int example) {
        train.read(example, row);
        double[] values = new double[field.isRagged() ? train.length(example, index) * field.unit() : field.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = field.dtype() == DType.INT64 ? row.longs(index)[i] : row.floats(index)[i];
        }
        return values;
    }

    /** Some examples from all of the split. */
    private void look(Loss loss) {
        if (!loss.checksValues(target)) {
            return;
        }
        int looked = Math.min(LOOKED_AT, train.size());
        for (int i = 0; i < looked; i++) {
            loss.checkValues(target, values((int) ((long) i * train.size() / looked)));
        }
    }

    /** How often each class occurs, shares of it added up; what the loss ignores is left out. */
    private Supplier<double[]> counts(Loss loss, Shape output) {
        int outputs = output.rank() == 0 ? 1 : Math.toIntExact(output.size(loss.classAxis() == 1 ? 0 : -1));
        return () -> {
            if (train instanceof Examples) {
                throw new InputException("class_weights: expected a dataset whose examples can be counted, received a"
                        + " stream; write the weights as a list");
            }
            double[] counts = new double[outputs];
            for (int example = 0; example < train.size(); example++) {
                double[] values = values(example);
                for (int i = 0; i < values.length; i++) {
                    if (!target.ids()) {
                        counts[loss.classAxis() == 1 ? i / (values.length / counts.length) : i % counts.length] +=
                                values[i];
                    } else if (!loss.ignores((long) values[i])) {
                        int id = (int) Math.max(0, Math.min(Integer.MAX_VALUE - 1, values[i]));
                        counts = id < counts.length ? counts : Arrays.copyOf(counts, id + 1);
                        counts[id]++;
                    }
                }
            }
            return counts;
        };
    }

    private Loss scaled(Loss loss, Say said) {
        Shape shape = field.shape();
        Moments[] moments = new Moments[shape.rank() == 1 && !field.isRagged() ? field.elements() : 1];
        Arrays.setAll(moments, i -> new Moments());
        Set<Double> whole = new HashSet<>();
        boolean few = true;
        for (int example = 0; example < train.size(); example++) {
            double[] values = values(example);
            for (int i = 0; i < values.length; i++) {
                if (!Double.isFinite(values[i])) {
                    throw new InputException(
                            "expected finite numbers in the target " + field.name() + ", received " + values[i]
                                    + " in example " + example + " of the training split; drop or repair such rows");
                }
                moments[moments.length == 1 ? 0 : i].add(values[i]);
                if (whole.size() <= FEW) {
                    whole.add(values[i]);
                    few &= values[i] == Math.rint(values[i]);
                }
            }
        }
        List<Double> mean = new ArrayList<>();
        List<Double> deviation = new ArrayList<>();
        for (Moments m : moments) {
            mean.add(m.mean());
            deviation.add(m.deviation() > ROUNDING * Math.abs(m.mean()) ? m.deviation() : 1.0);
        }
        String text = "target_scaling: standard: " + field.name() + " has mean " + shown(mean) + " and deviation "
                + shown(deviation)
                + (train instanceof Examples
                        ? " in the first " + train.size() + " examples of the stream"
                        : " in the training split")
                + "; the loss is of scaled values, metrics and predictions are in"
                + " its own unit";
        switch (said) {
            case AS_DEFAULT ->
                LOG.warn(
                        "{}; write target_scaling: none to train on it as it is{}",
                        text,
                        few && whole.size() <= FEW
                                ? "; it has " + whole.size() + " whole numbers: " + target.asClasses()
                                : "");
            case AS_ASKED -> LOG.info("{}", text);
            case NOTHING -> {}
        }
        return new ScaledTargets(loss, mean, deviation);
    }

    private static String shown(List<Double> values) {
        List<String> shown = values.stream()
                .limit(8)
                .map(v -> String.format(Locale.ROOT, "%.6g", v))
                .toList();
        String joined = String.join(", ", shown);
        return values.size() == 1 ? joined : "[" + joined + (values.size() > 8 ? ", ..." : "") + "]";
    }
}

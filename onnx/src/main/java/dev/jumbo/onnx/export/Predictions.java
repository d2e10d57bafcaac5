package dev.jumbo.onnx.export;

import dev.jumbo.nn.Loss;
import dev.jumbo.nn.losses.BinaryCrossEntropy;
import dev.jumbo.nn.losses.CrossEntropy;
import dev.jumbo.nn.losses.Ctc;
import dev.jumbo.nn.losses.KlDivergence;
import dev.jumbo.nn.losses.ScaledTargets;
import dev.jumbo.onnx.format.ElementType;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.graph.Unsayable;
import dev.jumbo.onnx.layers.Functions;
import dev.jumbo.tensor.Tensor;
import java.util.List;

/** What a loss makes of outputs for a user, {@link Loss#predictions}, as nodes. */
final class Predictions {
    private Predictions() {}

    /** @throws Unsayable of a loss of a program's own that has predictions of its own */
    static String of(Loss loss, String outputs, Drawing to) {
        if (loss instanceof CrossEntropy entropy) {
            return entropy.fromLogits() ? Functions.softmax(outputs, entropy.classAxis(), to) : outputs;
        }
        if (loss instanceof BinaryCrossEntropy entropy) {
            return entropy.fromLogits() ? to.node("Sigmoid", outputs) : outputs;
        }
        if (loss instanceof KlDivergence || loss instanceof Ctc) {
            return Functions.softmax(outputs, -1, to);
        }
        if (loss instanceof ScaledTargets scaled) {
            String exact = Functions.cast(of(scaled.loss(), outputs, to), ElementType.DOUBLE, to);
            String factor = to.doubles(
                    "deviation", array(scaled.deviation()), scaled.deviation().size());
            String shift =
                    to.doubles("mean", array(scaled.mean()), scaled.mean().size());
            return Functions.cast(to.node("Add", to.node("Mul", exact, factor), shift), ElementType.FLOAT, to);
        }
        if (hasOwn(loss)) {
            throw new Unsayable("what the loss " + loss.getClass().getSimpleName()
                    + " makes of outputs is known to its program alone");
        }
        return outputs;
    }

    private static boolean hasOwn(Loss loss) {
        try {
            return loss.getClass().getMethod("predictions", Tensor.class).getDeclaringClass() != Loss.class;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}

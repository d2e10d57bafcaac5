package dev.jumbo.onnx.run;

import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of ONNX in ONNX Runtime beside the checkpoint's own model, on inputs made from a seed.
 *
 * @param rows sizes of the batches that were compared
 * @param largest difference of an output, {@code |a - b| / max(1, |a|)}; infinite where one is no number or has another shape
 */
public record Comparison(List<Integer> rows, double largest) {
    /** Sizes that tell whether the batch is one in the file too. */
    private static final List<Integer> ROWS = List.of(1, 2, 7);

    public Comparison {
        rows = List.copyOf(rows);
    }

    /** @param raw whether the file takes raw inputs */
    public static Comparison of(Checkpoint checkpoint, Path file, boolean raw) {
        try (Model model = checkpoint.load()) {
            return of(checkpoint.description(), model, file, raw);
        }
    }

    /** As {@link #of(Checkpoint, Path, boolean)}, of a description with a model that was built from it. */
    public static Comparison of(ModelFile description, Model model, Path file, boolean raw) {
        SeededRows seeded = new SeededRows(description, raw);
        double largest = 0;
        try (OnnxSession session = OnnxSession.open(file)) {
            for (int rows : ROWS) {
                for (int seed = 0; seed < 3; seed++) {
                    try (Scope scope = Scope.open();
                            Autograd off = Autograd.noGrad()) {
                        SeededRows.Made made = seeded.of(rows, 100 * rows + seed);
                        List<OnnxArray> received =
                                List.copyOf(session.run(made.given()).values());
                        Tensors expected = model.forward(Tensors.of(made.prepared()), Pass.inference());
                        largest = Math.max(largest, largest(description, expected.all(), received));
                    }
                }
            }
        }
        return new Comparison(ROWS, largest);
    }

    private static double largest(ModelFile description, List<Tensor> expected, List<OnnxArray> received) {
        if (expected.size() != received.size()) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = 0;
        for (int i = 0; i < expected.size(); i++) {
            Tensor wanted = description.lossOf(i).predictions(expected.get(i));
            largest =
                    Math.max(largest, largest(wanted.toFloats(), received.get(i).toFloats()));
        }
        return largest;
    }

    private static double largest(float[] expected, float[] received) {
        if (expected.length != received.length) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs((double) expected[i] - received[i]) / Math.max(1, Math.abs(expected[i]));
            largest = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(largest, difference);
        }
        return largest;
    }
}

package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.data.sets.FieldOrder;
import dev.jumbo.data.transform.Transformed;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.metrics.Metric;
import dev.jumbo.train.metrics.Predictions;
import dev.jumbo.train.objective.Phase;
import dev.jumbo.train.objective.Phases;
import dev.jumbo.train.objective.Supervised;
import dev.jumbo.train.objective.TrainedModels;
import dev.jumbo.train.objective.Weighted;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Measures a checkpoint on a dataset. */
public final class Evaluator {
    private static final int BATCH = 128;

    /** Values of an example of sequences that a batch has at most: 128 examples of 128 steps of 64. */
    private static final long SEQUENCE_VALUES = 1 << 20;

    private Evaluator() {}

    /**
     * The loss and metrics over all examples, under their names. The loss is that of training: with class weights, or of
     * scaled targets, where it has them; metrics know neither ({@code log_loss} is the cross-entropy without weights, {@code
     * rmse} is in the target's unit). Of a model with several outputs, the loss is the sum
     * over all, and a metric is measured for each that it fits, under the name {@code output/metric}.
     *
     * @throws dev.jumbo.error.InputException if the data does not fit the model, or has other classes than it was trained on
     */
    public static Map<String, Double> evaluate(Checkpoint checkpoint, Dataset data, Metric... metrics) {
        return measure(checkpoint, data, batch(checkpoint, data), List.of(metrics), null);
    }

    /**
     * As {@link #evaluate(Checkpoint, Dataset, Metric...)}, in batches of 128 examples, fewer of long sequences.
     *
     * @param each receives the predictions of each batch, as for a {@link dev.jumbo.train.metrics.ConfusionMatrix}
     */
    public static Map<String, Double> evaluate(
            Checkpoint checkpoint, Dataset data, List<Metric> metrics, Consumer<Predictions> each) {
        return evaluate(checkpoint, data, batch(checkpoint, data), metrics, each);
    }

    private static int batch(Checkpoint checkpoint, Dataset data) {
        int outputs =
                ValidationBatch.examples(checkpoint.description().outputs().shapes());
        return Math.min(outputs, batch(data));
    }

    private static int batch(Dataset data) {
        long steps = data.inputs().stream()
                .filter(ValidationBatch::isSequence)
                .mapToLong(field -> field.shape().elements() * (field.shape().rank() == 1 ? BATCH : 1))
                .sum();
        return steps == 0 ? BATCH : (int) Math.max(1, Math.min(BATCH, SEQUENCE_VALUES / steps));
    }

    /**
     * As {@link #evaluate(Checkpoint, Dataset, Metric...)}.
     *
     * @param batchSize examples of a forward pass
     * @param each receives the predictions of each batch
     */
    public static Map<String, Double> evaluate(
            Checkpoint checkpoint, Dataset data, int batchSize, List<Metric> metrics, Consumer<Predictions> each) {
        return measure(checkpoint, data, batchSize, metrics, rows -> each.accept(rows.get()));
    }

    /**
     * As {@link #evaluate(Checkpoint, Dataset, int, List, Consumer)}, for who does not need the predictions of every batch.
     *
     * @param each receives what copies the predictions of each batch, or of each part of a large one
     */
    public static Map<String, Double> measure(
            Checkpoint checkpoint,
            Dataset data,
            int batchSize,
            List<Metric> metrics,
            @Nullable Consumer<Supplier<Predictions>> each) {
        return measureEach(
                checkpoint,
                data,
                batchSize,
                metrics,
                each == null
                        ? null
                        : (output, rows) -> {
                            if (output == 0) {
                                each.accept(rows);
                            }
                        });
    }

    /** Receives the predictions of each batch, or of each part of a large one. */
    public interface Each {
        /** @param output of several, from 0 @param rows copies them */
        void add(int output, Supplier<Predictions> rows);
    }

    /**
     * What is measured of a checkpoint: of several outputs, a metric that names none for each that it fits.
     *
     * @param asked null for what each target asks for
     */
    public static List<Metric> metrics(Checkpoint checkpoint, Dataset given, @Nullable List<Metric> asked) {
        ModelFile description = checkpoint.description();
        Dataset data = ordered(description, given);
        boolean byTargets = description.phases(data.targets()).first() instanceof Supervised;
        if (byTargets) {
            return OutputMetrics.of(asked, data.targets(), description::lossOf);
        }
        return OutputMetrics.ofFirst(asked, data.targets());
    }

    /** With the fields where the model has those of their names. */
    private static Dataset ordered(ModelFile description, Dataset data) {
        return FieldOrder.of(data, description.rawInputs(), description.targets());
    }

    /** As {@link #measure}, of all outputs. */
    public static Map<String, Double> measureEach(
            Checkpoint checkpoint, Dataset given, int batchSize, List<Metric> asked, @Nullable Each each) {
        Dataset data = ordered(checkpoint.description(), given);
        KeptPreprocessing.requireSameMaking(checkpoint.description(), data);
        Loader loader = Loader.of(Transformed.of(data, checkpoint.description().transforms()))
                .inOrder()
                .batchSize(batchSize)
                .preprocessing(checkpoint.description().ofData())
                .targetPadding(TargetPadding.of(
                        checkpoint.description().phases(data.targets()).first(),
                        checkpoint.description().loss(),
                        data.targets()))
                .build();
        ModelFile description = checkpoint.description();
        Phases phases = description.phases(data.targets());
        if (!description.hasObjective()) {
            description.requireInputs(loader.inputs());
            Field.requireSameClasses(description.targets(), data.targets());
        }
        List<Metric> metrics = metrics(checkpoint, data, asked);
        Evaluation.warnOfUnweighted(data, metrics);
        boolean compares =
                phases.all().stream().anyMatch(phase -> phase.objective().needsReference());
        try (Model model = checkpoint.load();
                Model reference = compares ? checkpoint.loadReference() : null) {
            if (phases.first() instanceof Supervised) {
                OutputMetrics.check(metrics, model.outputs().shapes(), data.targets(), description::lossOf);
            }
            boolean large =
                    Evaluation.isLarge(model.device(), model.outputs().main().shape(), batchSize);
            try (Evaluation evaluation = new Evaluation(phases, metrics, each, large);
                    Loader.Epoch batches = loader.epoch(0)) {
                run(new TrainedModels(model, reference), evaluation, batches, () -> {});
                return evaluation.values("");
            }
        }
    }

    /** Adds all examples of some batches. @param withoutRows is done for a batch of which other workers have all the rows */
    static void run(TrainedModels models, Evaluation evaluation, Iterator<Batch> batches, Runnable withoutRows) {
        try (Autograd off = Autograd.noGrad()) {
            while (batches.hasNext()) {
                try (Scope scope = Scope.open()) {
                    Batch batch = batches.next();
                    if (batch.size() == 0) {
                        withoutRows.run();
                        continue;
                    }
                    List<Tensor> outputs = List.of();
                    for (Phase phase : evaluation.phases().all()) {
                        List<Weighted> terms = phase.objective().terms(models, batch, Pass.inference());
                        add(evaluation, phase, terms);
                        outputs = outputs.isEmpty() ? Weighted.outputs(terms) : outputs;
                    }
                    evaluation.addPredictions(outputs, batch.targets(), batch.weights());
                }
            }
        }
    }

    /** Adds what an objective says of a batch. */
    static void add(Evaluation evaluation, Phase phase, List<Weighted> terms) {
        for (int i = 0; i < terms.size(); i++) {
            Weighted term = terms.get(i);
            if (term.weight() > 0) {
                evaluation.addLoss(phase, i, term.mean().item() * term.weight(), term.weight());
                evaluation.addParts(phase, term);
            }
        }
    }
}

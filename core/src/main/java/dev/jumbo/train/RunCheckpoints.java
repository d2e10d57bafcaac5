package dev.jumbo.train;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Model;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.CheckpointWriter;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.checkpoint.TrainerFile;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.WeightAverage;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Between a training and its checkpoints: collects what a resume needs, and puts it back. */
final class RunCheckpoints {
    /** Prefixes of tensors in {@code optimizer.safetensors}. */
    private static final String OPTIMIZER = "optimizer.";

    private static final String AVERAGE = "average.";
    /** The values and buffers that training goes on with, where {@code model.safetensors} holds their averages. */
    private static final String VALUES = "values";

    private static final String BUFFERS = "buffers";

    /** Prefix of what an unfinished epoch has added up so far. */
    private static final String TRAINING = "training.";

    private final ModelFile description;
    /** Null on all workers but the first. */
    private final @Nullable CheckpointWriter writer;
    /** Taken once, as it may read all examples, and by the first worker only; others leave it empty. */
    private final String fingerprint;

    private final long seed;

    RunCheckpoints(TrainerBuilder.Setup setup, TrainingData data) {
        boolean first = setup.world().isFirst();
        fingerprint = first ? data.dataset().fingerprint() : "";
        seed = setup.config().seed();
        description = new ModelFile(
                ModelFile.FORMAT,
                data.dataset().inputs(),
                data.inputs(),
                data.dataset().targets(),
                data.preprocessing(),
                setup.config().loss(),
                setup.model());
        writer = first
                ? new CheckpointWriter(
                        setup.directory(), setup.config().checkpoints().keepLast())
                : null;
    }

    /** @throws InputException if the directory holds a run and this is not to go on with it */
    static void requireFree(TrainerBuilder.Setup setup) {
        if (!setup.resume() && Checkpoint.existsIn(setup.directory())) {
            throw new InputException("the directory " + setup.directory()
                    + " already holds a run; resume it, or choose another directory");
        }
    }

    /**
     * Writes a checkpoint, if this is the first worker.
     *
     * @param training what the unfinished epoch has added up; empty at the end of one
     * @throws FailureException if weights are not finite: a resume from them could only fail
     */
    void save(
            TrainerFile where,
            Model model,
            OptimizerState optimizer,
            @Nullable WeightAverage average,
            Map<String, double[]> training,
            boolean isBest) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            if (model.store().values().isFinite().all().item() == 0) {
                throw new FailureException(
                        "training stopped at step " + where.step() + ": expected finite weights, received"
                                + " some that are not; lower the learning rate or clip gradients (max_grad_norm)."
                                + " Earlier checkpoints are untouched");
            }
            if (writer == null) {
                return;
            }
            Map<String, Tensor> state = new LinkedHashMap<>();
            optimizer.state().forEach((name, tensor) -> state.put(OPTIMIZER + name, tensor));
            training.forEach((name, sums) -> {
                if (sums.length > 0) {
                    state.put(TRAINING + name, Tensor.of(sums, Shape.of(sums.length)));
                }
            });
            Map<String, Tensor> weights;
            if (average == null) {
                weights = model.state();
            } else {
                state.put(VALUES, model.store().values().copy());
                state.put(BUFFERS, model.store().buffers().copy());
                average.state().forEach((name, tensor) -> state.put(AVERAGE + name, tensor.copy()));
                try (WeightAverage.Use averaged = average.use()) {
                    weights = copies(model.state());
                }
            }
            writer.write(new CheckpointWriter.Contents(description, where, weights, state, fingerprint, seed), isBest);
        }
    }

    /** Copies, since a state of plain layout is a view of values that are about to change. */
    private static Map<String, Tensor> copies(Map<String, Tensor> state) {
        state.replaceAll((name, tensor) -> tensor.copy());
        return state;
    }

    /** @return what the epoch had added up when the checkpoint was written */
    Map<String, double[]> restore(
            Checkpoint checkpoint, Model model, OptimizerState optimizer, @Nullable WeightAverage average) {
        if (!checkpoint.description().model().equals(description.model())) {
            throw new InputException("the run in " + checkpoint.directory()
                    + " has another model than the configuration; train into another directory");
        }
        if (!checkpoint.manifest().dataFingerprint().equals(fingerprint)) {
            throw new InputException("the run in " + checkpoint.directory()
                    + " was trained on other data; train into another directory");
        }
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Map<String, Tensor> state = checkpoint.optimizerTensors();
            model.load(checkpoint.weights());
            optimizer.load(under(OPTIMIZER, state));
            if (average != null) {
                Tensor values = state.get(VALUES);
                Tensor buffers = state.get(BUFFERS);
                if (values == null || buffers == null) {
                    throw new InputException("the run in " + checkpoint.directory()
                            + " has no average of weights; resume it without ema_decay");
                }
                average.load(under(AVERAGE, state));
                model.store().values().copy_(values);
                model.store().buffers().copy_(buffers);
                model.store().valuesChanged();
            }
            Map<String, double[]> training = new LinkedHashMap<>();
            under(TRAINING, state).forEach((name, sums) -> training.put(name, sums.toDoubles()));
            return training;
        }
    }

    private static Map<String, Tensor> under(String prefix, Map<String, Tensor> state) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        state.forEach((name, tensor) -> {
            if (name.startsWith(prefix)) {
                found.put(name.substring(prefix.length()), tensor);
            }
        });
        return found;
    }
}

package dev.jumbo.train;

import dev.jumbo.data.Loader;
import dev.jumbo.dist.Agreement;
import dev.jumbo.dist.World;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Model;
import dev.jumbo.train.optim.WeightAverage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a training under way measures: of the batches of its epoch as they come, and of what is held out; of all workers together. */
final class EpochFigures implements AutoCloseable {
    private final TrainConfig config;
    private final TrainingData data;
    private final Model model;
    private final World world;
    private final Agreement agreement;
    private final StopRequest stop;
    private final MeanBaseline baseline;
    private Evaluation training;

    EpochFigures(TrainerBuilder.Setup setup, TrainingData data, Model model, Agreement agreement, StopRequest stop) {
        config = setup.config();
        world = setup.world();
        this.data = data;
        this.model = model;
        this.agreement = agreement;
        this.stop = stop;
        baseline = new MeanBaseline(config, data.dataset().targets());
        training = measured(config.batchSize());
    }

    /** Of the epoch under way, this worker's part. */
    Evaluation training() {
        return training;
    }

    /** Begins a new epoch. */
    void clear() {
        training.close();
        training = measured(config.batchSize());
    }

    /** What all workers have added up in this epoch. */
    Map<String, double[]> state() {
        return together(training, Evaluation::state);
    }

    /** The figures of the epoch's batches. @throws InputException if nothing in them counts */
    Map<String, Double> ofEpoch() {
        return together(training, all -> {
            if (!all.counts()) {
                throw new InputException(
                        "nothing counts in the training data: every target is ignored by the loss, or its class"
                                + " has the weight 0; check ignore_index and class_weights");
            }
            return all.values("");
        });
    }

    /** Says where a model is no better than the mean. */
    void look(Map<String, Double> metrics, Position position) {
        baseline.look(metrics, position.epoch(), position.epochs(), world.isFirst());
    }

    /** Something of what all workers have added up. */
    private <T> T together(Evaluation own, Function<Evaluation, T> asked) {
        Evaluation all = own.together(agreement);
        try {
            return asked.apply(all);
        } finally {
            if (all != own) {
                all.close();
            }
        }
    }

    private Evaluation measured(int batch) {
        boolean large =
                Evaluation.isLarge(model.device(), model.outputs().main().shape(), batch / world.size());
        return new Evaluation(data.phases(), baseline.metrics(), null, large);
    }

    /** The figures of what is held out; nothing of use where somebody outside has ended it. */
    Map<String, Double> validate(Loader validation, BatchPass pass, @Nullable WeightAverage average) {
        try (Evaluation evaluation = measured(validation.rowsFrom(0, 0));
                WeightAverage.Use averaged = average == null ? () -> {} : average.use();
                RunBatches batches = new RunBatches(validation.epoch(0), stop, this::isToldToStop)) {
            pass.evaluate(evaluation, batches);
            return stop.isOutside() ? Map.of() : together(evaluation, all -> all.values("val_"));
        }
    }

    private boolean isToldToStop() {
        stop.agree(agreement);
        return stop.isOutside();
    }

    /** Without what has no value, which JSON cannot hold. */
    static Map<String, Double> finite(Map<String, Double> metrics) {
        Map<String, Double> kept = new LinkedHashMap<>(metrics);
        kept.values().removeIf(value -> !Double.isFinite(value));
        return kept;
    }

    @Override
    public void close() {
        training.close();
    }
}

package dev.jumbo.train;

import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.objective.Phase;
import dev.jumbo.train.objective.Phases;
import dev.jumbo.train.optim.OptimizerState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A phase of a training under way. */
final class PhaseRun implements AutoCloseable {
    private final Phase phase;
    private final Update update;
    private final String prefix;
    private double loss = Double.NaN;
    /** Of the batches of the step so far. */
    private double sum;

    private double weight;

    private PhaseRun(Phase phase, Update update, String prefix) {
        this.phase = phase;
        this.update = update;
        this.prefix = prefix;
    }

    /** Those of a training, in order. */
    static List<PhaseRun> of(Phases phases, TrainConfig config, Holding holding) {
        List<PhaseRun> runs = new ArrayList<>();
        try {
            for (Phase phase : phases.all()) {
                runs.add(new PhaseRun(phase, new Update(config, holding, phase), phases.named() ? phase.name() : ""));
            }
        } catch (RuntimeException e) {
            runs.forEach(PhaseRun::close);
            throw e;
        }
        return runs;
    }

    /** What all of them remember between steps, as one. */
    static OptimizerState together(List<PhaseRun> runs) {
        return new OptimizerState() {
            @Override
            public void step(double learningRate) {
                throw new IllegalStateException("each phase steps by itself");
            }

            @Override
            public Map<String, Tensor> state() {
                Map<String, Tensor> state = new LinkedHashMap<>();
                runs.forEach(run -> state.putAll(run.update.state(run.prefix)));
                return state;
            }

            @Override
            public void load(Map<String, Tensor> saved) {
                runs.forEach(run -> run.update.load(run.prefix, saved));
            }

            @Override
            public void close() {
                runs.forEach(PhaseRun::close);
            }
        };
    }

    Phase phase() {
        return phase;
    }

    Update update() {
        return update;
    }

    /**
     * The loss of the step so far, over all its batches, each counting as much as in the gradient; the last one where nothing
     * counted, NaN before the first.
     */
    double loss() {
        return loss;
    }

    /** @param index of the batch in its step @param ofBatch its mean @param counting what it counts beside others */
    void loss(int index, double ofBatch, double counting) {
        boolean first = index == 0 || weight == 0;
        sum = (index == 0 ? 0 : sum) + ofBatch * counting;
        weight = (index == 0 ? 0 : weight) + counting;
        // Of a batch in which nothing counts there is no loss: the last one stays.
        if (counting > 0 || Double.isNaN(loss)) {
            loss = first ? ofBatch : sum / weight;
        }
    }

    @Override
    public void close() {
        update.close();
    }
}

package dev.jumbo.train;

import dev.jumbo.data.Batch;
import dev.jumbo.dist.Agreement;
import dev.jumbo.dist.World;
import dev.jumbo.error.FailureException;
import dev.jumbo.nn.FlatStore;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * The phases of each step of a training: batches forward and backward through the first, then, when the step is due, those of the step
 * through the others, and the optimizer of each.
 */
final class PhasedSteps {
    private final TrainConfig config;
    private final TrainingData data;
    private final RandomState random;
    private final FlatStore store;
    private final List<PhaseRun> phases;
    /** The batches of the step that is under way, for the phases behind the first. */
    private final List<Batch> held = new ArrayList<>();

    private final BatchPass pass;
    private final LearningRate learningRate;
    private final Position position;
    private final RunState state;
    private final EpochFigures figures;
    private final World world;
    private final Agreement agreement;
    private final StopRequest stop;

    /** What it works with. @param pass closed by who gives it, as phases are */
    record Parts(
            TrainerBuilder.Setup setup,
            TrainingData data,
            Holding holding,
            List<PhaseRun> phases,
            BatchPass pass,
            LearningRate learningRate,
            Position position,
            RunState state,
            EpochFigures figures,
            Agreement agreement,
            StopRequest stop) {}

    PhasedSteps(Parts parts) {
        config = parts.setup().config();
        world = parts.setup().world();
        data = parts.data();
        random = RandomState.of(config.seed());
        store = parts.holding().model().store();
        phases = parts.phases();
        pass = parts.pass();
        learningRate = parts.learningRate();
        position = parts.position();
        state = parts.state();
        figures = parts.figures();
        agreement = parts.agreement();
        stop = parts.stop();
    }

    /** This worker's part of a batch through the first phase, and what all workers ask for, see {@link StopRequest}. */
    void backward(Batch next) {
        if (phases.size() > 1) {
            held.add(next);
        }
        double asked = stop.value();
        if (phases.get(0).phase().isDue(position.step())) {
            stop.agree(propagate(phases.get(0), next, position.pending(), asked));
        } else {
            stop.agree(world.size() == 1 ? asked : agreement.sum(asked).await()[0]);
        }
    }

    /** @return what all workers ask for together, see {@link StopRequest} */
    private double propagate(PhaseRun run, Batch next, int index, double asked) {
        seedDropout(run, index);
        int batches = position.batchesOfStep();
        BatchPass.Result result = pass.run(run.phase().objective(), next, batches, index + 1 == batches, asked);
        run.update().add(result.weight(), result.largest());
        if (!Double.isFinite(result.loss())) {
            throw new FailureException("training stopped at step " + (state.step() + 1) + " (epoch "
                    + (position.epoch() + 1)
                    + "): expected a finite loss"
                    + (data.phases().named() ? " of the phase " + run.phase().name() : "")
                    + ", received " + result.loss() + " with the learning rate "
                    + learningRate.at(position.step(), run.update().baseLearningRate())
                    + "; lower the learning rate, clip gradients (max_grad_norm) or look for bad values in the data."
                    + " Earlier checkpoints are untouched");
        }
        for (int i = 0; i < result.parts().size(); i++) {
            BatchPass.LossPart part = result.parts().get(i);
            figures.training().addLoss(run.phase(), i, part.sum(), part.weight());
        }
        result.terms().forEach(term -> figures.training().addParts(run.phase(), term));
        if (run == phases.get(0) && !result.parts().isEmpty()) {
            figures.training().addPredictions(result.outputs(), next.targets(), next.weights());
        }
        run.loss(index, result.loss(), result.weight());
        return result.stop();
    }

    /** The sum over the phases that have run. */
    double loss() {
        double sum = phases.get(0).loss();
        for (PhaseRun run : phases.subList(1, phases.size())) {
            sum = Double.isNaN(sum) ? run.loss() : Double.isNaN(run.loss()) ? sum : sum + run.loss();
        }
        return sum;
    }

    /** Its numbers depend on the step and the worker alone, so a resumed run draws the same ones. */
    private void seedDropout(PhaseRun run, int batch) {
        RandomState seed = random.derive("step").derive(position.step() * config.gradientAccumulation() + batch);
        if (run != phases.get(0)) {
            seed = seed.derive(run.phase().name());
        }
        (world.isFirst() ? seed : seed.derive(world.rank())).seedTorch();
    }

    /** One step of the optimizer of each phase that is due. @return whether something counted in the gradients of one */
    boolean update() {
        boolean stepped = false;
        for (PhaseRun run : phases) {
            if (run.phase().isDue(position.step())) {
                if (run != phases.get(0)) {
                    propagateHeld(run);
                }
                stepped |= !run.update().isEmpty();
                state.gradientNorm(run.update()
                        .step(
                                position.step(),
                                learningRate.at(position.step(), run.update().baseLearningRate()),
                                position.pending(),
                                state.gradientNorm()));
            }
        }
        held.clear();
        if (phases.size() > 1) {
            state.batch(loss(), 0);
        }
        return stepped;
    }

    /** A phase behind the first, on all batches of the step. */
    private void propagateHeld(PhaseRun run) {
        store.zeroGradients();
        int batches = held.size();
        for (int i = 0; i < batches - 1; i++) {
            try (Scope scope = Scope.open()) {
                propagate(run, held.get(i), i, 0);
            }
        }
        // In the scope of the step, as gradients of a share in bf16 live no longer than the scope in which they are
        // summed.
        propagate(run, held.get(batches - 1), batches - 1, 0);
    }
}

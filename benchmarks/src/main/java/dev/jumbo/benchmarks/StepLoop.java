package dev.jumbo.benchmarks;

import dev.jumbo.data.Batch;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.nn.Tape;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.optim.OptimizerState;
import dev.jumbo.train.optim.Optimizers;

/**
 * The trainer's step, without its metrics, callbacks and checkpoints: the batch copied to native memory, forward pass,
 * loss read back, back-propagation, Adam.
 */
final class StepLoop implements AutoCloseable {
    private final RandomState random = RandomState.of(0);
    private final Model model = Model.build(Cnn.layers(), Cnn.IMAGE, random.derive("init"));
    private final Loss loss = Losses.crossEntropy();
    private final OptimizerState optimizer;
    private long step;
    private double lastLoss;

    StepLoop(boolean bf16) {
        model.store().prepareTraining(bf16);
        optimizer = Optimizers.adam(1e-3).build(model.store());
    }

    void step(Batch batch) {
        try (Scope scope = Scope.open()) {
            model.store().zeroGradients();
            random.derive(step++).seedTorch();
            Tensor x = batch.inputs().get(0).tensor();
            Tensor y = batch.targets().get(0).tensor();
            Tape tape = new Tape();
            Tensor value = loss.of(model.forward(x, Pass.forTraining().recordedBy(tape)), y);
            lastLoss = value.item();
            value.backward();
            tape.backward();
            model.store().gatherGradients();
            try (Autograd off = Autograd.noGrad()) {
                optimizer.step(1e-3);
            }
        }
    }

    double lastLoss() {
        return lastLoss;
    }

    @Override
    public void close() {
        optimizer.close();
        model.close();
    }
}

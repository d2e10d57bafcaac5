package dev.jumbo.train.own;

import dev.jumbo.config.Kind;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Column;
import dev.jumbo.nn.Pass;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.objective.Objective;
import dev.jumbo.train.objective.TrainedModels;
import dev.jumbo.train.objective.Weighted;

/** Squared error of how many boxes a picture has, by the labels that are no padding. */
@Kind("counts_boxes")
public record CountsBoxes() implements Objective {
    @Override
    public Weighted of(TrainedModels models, Batch batch, Pass pass) {
        Column boxes = batch.targets().get(0);
        Column labels = batch.targets().get(1);
        int most = labels.longs().length / batch.size();
        float[] counts = new float[batch.size()];
        for (int i = 0; i < labels.longs().length; i++) {
            boolean real = labels.longs()[i] != -100;
            float width = boxes.floats()[4 * i + 2] - boxes.floats()[4 * i];
            if (real == (width == 0)) {
                throw new IllegalStateException("a box of padding has no width, a real one has, received " + width);
            }
            counts[i / most] += real ? 1 : 0;
        }
        Tensor right = Tensor.of(counts, Shape.of(batch.size(), 1));
        Tensor x = batch.tensors().main();
        return Weighted.sum(models.main().forward(x, pass).sub(right).pow(2).sum(), batch.size());
    }
}

package dev.jumbo.train.parallel;

import dev.jumbo.dist.World;
import dev.jumbo.nn.BatchParts;
import dev.jumbo.tensor.GradientHook;
import dev.jumbo.tensor.Tensor;

/** Statistics of a batch that is spread over all workers. The gradient of a sum over workers is the sum of its gradients there. */
public final class WholeBatch implements BatchParts, AutoCloseable {
    private final World world;
    private final GradientHook sumGradients;

    public WholeBatch(World world) {
        this.world = world;
        sumGradients = GradientHook.changing(gradient -> total(gradient.copy()));
    }

    @Override
    public Tensor sum(Tensor part) {
        Tensor here = part.detach();
        Tensor total = total(here.copy());
        // The bits of the total, which are the same everywhere, with the gradient of the part: what is added is 0.
        Tensor sum = total.add(part.sub(here));
        if (sum.requiresGrad()) {
            sum.onGradient(sumGradients);
        }
        return sum;
    }

    /** After a backward pass: throws what a sum of gradients has thrown. */
    public void rethrow() {
        sumGradients.rethrow();
    }

    private Tensor total(Tensor tensor) {
        world.allReduceSum(tensor).await();
        return tensor;
    }

    @Override
    public void close() {
        sumGradients.close();
    }
}

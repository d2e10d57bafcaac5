package dev.jumbo.train.optim;

import dev.jumbo.tensor.Tensor;
import java.util.Map;

/** What an optimizer remembers between steps, as flat tensors beside the parameters. Close it to free them. */
public interface OptimizerState extends AutoCloseable {
    /**
     * Changes the store's values by its gradients, and brings the store's bf16 copy up to date. May overwrite the
     * gradients.
     */
    void step(double learningRate);

    /** Under PyTorch's names ({@code exp_avg}, {@code momentum_buffer}, {@code step}): the live tensors, for a checkpoint to copy. */
    Map<String, Tensor> state();

    /**
     * Copies a saved state in.
     *
     * @throws dev.jumbo.error.InputException if a name or shape differs; nothing is changed then
     */
    void load(Map<String, Tensor> saved);

    @Override
    void close();
}

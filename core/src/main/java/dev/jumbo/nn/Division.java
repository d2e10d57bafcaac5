package dev.jumbo.nn;

import dev.jumbo.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/**
 * How a model is divided into blocks while it is built: what runs by itself, and back-propagates by itself, so that something can
 * be done before and behind it. Layers of a {@link dev.jumbo.nn.layers.Sequential} are divided, and the nodes of a graph, at any
 * depth; any other layer is a part of a block as a whole.
 */
public interface Division extends AutoCloseable {
    /**
     * Where a row of layers is cut.
     *
     * @return how many consecutive layers make a block each, in order; the sum is the length of the row
     */
    List<Integer> cut(List<Layer.Part> row);

    /**
     * Takes a block in.
     *
     * @param block what was built
     * @return what runs in its place; the network itself where it is not worth a block
     */
    Network block(Block block);

    /** How many blocks there are so far. */
    int count();

    /** Whether it holds what training changes, and brings it to each block; the model's store has the rest then. */
    default boolean holdsParameters() {
        return false;
    }

    /**
     * Takes over what training changes, once all blocks are known; if it {@link #holdsParameters}.
     *
     * @param order of the whole model
     * @param first gives the first values of a parameter in the order of memory, FLOAT32, in the caller's scope
     */
    default void hold(FlatOrder order, Function<Parameter, Tensor> first) {
        throw new IllegalStateException("holds no parameters");
    }

    /** After a backward pass: throws what went wrong in a block, where the gradients are not complete. */
    void rethrow();

    /** Frees what is kept of forward passes whose backward pass does not come. */
    void abandon();

    @Override
    void close();

    /**
     * What may be a block.
     *
     * @param path of its first layer
     * @param parts its layers, described, in order
     * @param network what was built of them
     * @param slots parameters and buffers of these layers
     * @param last whether nothing comes behind it in the model, so that its backward pass comes at once
     */
    record Block(String path, List<Layer.Part> parts, Network network, List<Parameter> slots, boolean last) {}
}

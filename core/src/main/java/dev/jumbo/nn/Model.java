package dev.jumbo.nn;

import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A description and what was built from it: the network and the memory of its parameters. Close it to free that memory.
 *
 * <p>A model computes in fp32, or in bf16 after {@link FlatStore#prepareTraining}; inputs are converted and outputs
 * are FLOAT32. (After {@link FlatStore#prepareExactTraining} all is FLOAT64.) Images are channels-last inside whatever the caller's layout.
 */
public final class Model implements AutoCloseable {
    private final Layer layer;
    private final List<Shape> inputs;
    private final Network network;
    private final FlatStore store;
    /** Shapes of sequences of other lengths that turned out to fit. */
    private final Set<List<Shape>> otherLengths = ConcurrentHashMap.newKeySet();

    private Model(Layer layer, List<Shape> inputs, Network network, FlatStore store) {
        this.layer = layer;
        this.inputs = inputs;
        this.network = network;
        this.store = store;
    }

    /**
     * Allocates and initialises the parameters of a described model.
     *
     * @param input the shape of one example, without the batch
     * @throws ShapeException if the layers do not fit each other or the input; nothing is allocated then
     */
    public static Model build(Layer layer, Shape input, RandomState seed) {
        return build(layer, List.of(input), seed);
    }

    /** As {@link #build(Layer, Shape, RandomState)}, for any number of inputs. */
    public static Model build(Layer layer, List<Shape> inputs, RandomState seed) {
        return build(layer, inputs, seed, Device.CPU);
    }

    /** As {@link #build(Layer, List, RandomState)}, with all memory on a device; the first values do not depend on it. */
    public static Model build(Layer layer, List<Shape> inputs, RandomState seed, Device device) {
        layer.outputShapes(inputs);
        Parameters parameters = Parameters.collect();
        Network network = layer.build(inputs, parameters);
        return new Model(layer, List.copyOf(inputs), network, new FlatStore(parameters, seed, device));
    }

    public Layer layer() {
        return layer;
    }

    /** The shape of one example of each input. */
    public List<Shape> inputs() {
        return inputs;
    }

    /** The shape of one example of each output. */
    public List<Shape> outputs() {
        return layer.outputShapes(inputs);
    }

    /** Where the parameters are; {@link #forward} brings its inputs there. */
    public Device device() {
        return store.values().device();
    }

    public FlatStore store() {
        return store;
    }

    /**
     * @param x {@code [N, ...]} with the input shape behind the batch size N; a sequence may have another length than
     *     described where the layers allow it
     * @throws ShapeException if x is not what was described
     */
    public Tensor forward(Tensor x, Pass pass) {
        return forward(List.of(x), pass).get(0);
    }

    /** As {@link #forward(Tensor, Pass)}, for any number of inputs and outputs. */
    public List<Tensor> forward(List<Tensor> xs, Pass pass) {
        requireDescribed(xs);
        DType computing = store.computesIn();
        Device device = device();
        List<Tensor> prepared = xs.stream()
                .map(x -> Functional.prepareInput(x.to(device), computing))
                .toList();
        return network.forward(prepared, pass).stream()
                .map(Functional::toFloat32)
                .toList();
    }

    private void requireDescribed(List<Tensor> xs) {
        if (xs.size() != inputs.size()) {
            throw new ShapeException("", inputs.size() + " inputs", xs.size());
        }
        for (int i = 0; i < xs.size(); i++) {
            Tensor x = xs.get(i);
            Shape described = inputs.get(i);
            boolean sequence = described.rank() == 2 || !x.dtype().isFloating();
            boolean fits = x.rank() == described.rank() + 1
                    && (sequence || x.shape().slice(1, x.rank()).equals(described));
            if (!fits) {
                throw new ShapeException(
                        inputs.size() == 1 ? "input" : "inputs." + i, "a batch [N] of " + described, x.shape());
            }
        }
        List<Boolean> ids = xs.stream().map(x -> !x.dtype().isFloating()).toList();
        if (ids.contains(true)) {
            layer.ids(ids);
        }
        List<Shape> shapes = xs.stream().map(x -> x.shape().slice(1, x.rank())).toList();
        if (!shapes.equals(inputs) && !otherLengths.contains(shapes)) {
            requireSameParameters(shapes);
            otherLengths.add(shapes);
        }
    }

    /** A sequence of another length is taken where the layers would have the same parameters for it. */
    private void requireSameParameters(List<Shape> shapes) {
        layer.outputShapes(shapes);
        if (!parameters(FlatOrder.of(layer, shapes)).equals(parameters(FlatOrder.of(layer, inputs)))) {
            throw new ShapeException(
                    "input",
                    "batches [N] of " + (inputs.size() == 1 ? inputs.get(0) : inputs)
                            + ", of which the layers allow no other size here",
                    shapes.size() == 1 ? shapes.get(0) : shapes);
        }
    }

    private static List<String> parameters(FlatOrder order) {
        return Stream.concat(order.trainable().stream(), order.buffers().stream())
                .map(p -> p.name() + p.shape())
                .toList();
    }

    /** All parameters and buffers by name, as files hold them; the tensors belong to the caller's scope. */
    public Map<String, Tensor> state() {
        return store.toFile();
    }

    /** Overwrites all parameters and buffers. @throws dev.jumbo.error.InputException if names or shapes differ */
    public void load(Map<String, Tensor> state) {
        store.fromFile(state);
    }

    @Override
    public void close() {
        store.close();
    }
}

package dev.jumbo.nn;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.weights.LoadPlan;
import dev.jumbo.nn.weights.LoadReport;
import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Functional;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A description and what was built from it: the network and the memory of its parameters. Close it to free that memory.
 *
 * <p>A model computes in fp32, or in bf16 after {@link FlatStore#prepareTraining}; inputs are converted and outputs
 * are FLOAT32. (After {@link FlatStore#prepareExactTraining} all is FLOAT64.) Images are channels-last inside whatever the caller's layout.
 */
public final class Model implements AutoCloseable {
    private final Layer layer;
    private final Specs inputs;
    private final Specs outputs;
    private final Network network;
    private final FlatStore store;
    /** Whether every layer was found to go on from a cache. */
    private volatile boolean goesOn;

    private final @Nullable Division division;

    private Model(
            Layer layer, Specs inputs, Specs outputs, Network network, FlatStore store, @Nullable Division division) {
        this.layer = layer;
        this.inputs = inputs;
        this.outputs = outputs;
        this.network = network;
        this.store = store;
        this.division = division;
    }

    /**
     * Allocates and initialises the parameters of a described model of one input.
     *
     * @param input the shape of one example, without the batch
     * @throws ShapeException if the layers do not fit each other or the input; nothing is allocated then
     */
    public static Model build(Layer layer, Shape input, RandomState seed) {
        return build(layer, Specs.of(input), seed);
    }

    /** As {@link #build(Layer, Shape, RandomState)}, for any inputs. */
    public static Model build(Layer layer, Specs inputs, RandomState seed) {
        return build(layer, inputs, seed, Device.CPU);
    }

    /** As {@link #build(Layer, Specs, RandomState)}, with all memory on a device; the first values do not depend on it. */
    public static Model build(Layer layer, Specs inputs, RandomState seed, Device device) {
        return build(layer, inputs, FirstValues.drawn(seed), ParameterGroups.none(), device);
    }

    /**
     * As {@link #build(Layer, Specs, RandomState, Device)}, with first values that may be loaded, and parameters that may be
     * frozen or trained in a way of their own.
     *
     * @throws dev.jumbo.error.InputException if a group has no parameter, or what is loaded does not fit; nothing is allocated
     *     then
     */
    public static Model build(Layer layer, Specs inputs, FirstValues first, ParameterGroups groups, Device device) {
        return build(layer, inputs, first, groups, device, null);
    }

    /** As {@link #build(Layer, Specs, FirstValues, ParameterGroups, Device)}, in blocks. @param division that the model closes; null for none */
    public static Model build(
            Layer layer,
            Specs inputs,
            FirstValues first,
            ParameterGroups groups,
            Device device,
            @Nullable Division division) {
        outputs(layer, inputs);
        if (!groups.groups().isEmpty()) {
            FlatOrder.of(layer, inputs, groups).requireAllUsed(groups);
        }
        return buildPart(layer, inputs, first, groups, device, division);
    }

    /** As {@link #build(Layer, Specs, FirstValues, ParameterGroups, Device, Division)}, of layers that are a part of a model: groups may be of other parts. */
    public static Model buildPart(
            Layer layer,
            Specs inputs,
            FirstValues first,
            ParameterGroups groups,
            Device device,
            @Nullable Division division) {
        Specs outputs = outputs(layer, inputs);
        Parameters parameters = Parameters.collect();
        Network network = Parameters.build(layer, inputs, parameters, division);
        FlatOrder order = FlatOrder.of(parameters, groups);
        return new Model(layer, inputs, outputs, network, store(order, first, device, division), division);
    }

    /**
     * A model for inference alone: products of fp32 are packed when they first run. It is not to be trained, nor its values changed.
     *
     * @param packing closed by the caller, behind the model
     */
    public static Model buildForInference(Layer layer, Specs inputs, FirstValues first, Packing packing) {
        Specs outputs = outputs(layer, inputs);
        Parameters parameters = Parameters.collect(packing);
        Network network = Parameters.build(layer, inputs, parameters, null);
        FlatOrder order = FlatOrder.of(parameters, ParameterGroups.none());
        return new Model(layer, inputs, outputs, network, store(order, first, Device.CPU, null), null);
    }

    private static FlatStore store(FlatOrder order, FirstValues first, Device device, @Nullable Division division) {
        if (division == null || !division.holdsParameters()) {
            return new FlatStore(order, first, device);
        }
        LoadPlan plan = first.plan(order);
        division.hold(order, p -> FlatRegion.inMemory(p, first.of(p, plan)));
        return new FlatStore(order.withoutTrainable(), first, plan, device);
    }

    /**
     * What a described model gives: what its layer makes, without side inputs that pass through it.
     *
     * @throws ShapeException if the layers do not fit each other or the inputs, and where an input is read by no layer
     */
    public static Specs outputs(Layer layer, Specs inputs) {
        Specs made = layer.outputs(inputs);
        Set<String> unread = new LinkedHashSet<>(inputs.names());
        unread.removeAll(layer.reads(inputs));
        // Padding matters to the layers that mix steps alone.
        unread.removeIf(name -> name.equals(Masks.MASK) || name.endsWith("_" + Masks.MASK));
        if (!unread.isEmpty()) {
            throw new ShapeException(
                    "",
                    inputs.size() - unread.size() == 1
                            ? "one input"
                            : "inputs that a layer reads, " + layer.reads(inputs),
                    inputs.size() + " inputs " + inputs.names() + ", of which no layer reads " + unread
                            + "; connect it in a graph, or leave it out of the data's inputs");
        }
        Map<String, Spec> outputs = new LinkedHashMap<>(made.byName());
        outputs.keySet().removeIf(name -> !name.equals(made.mainName()) && inputs.has(name));
        return Specs.of(outputs);
    }

    /**
     * One of several models that were built together ({@link dev.jumbo.nn.layers.ModelGroup}); it shares their memory, so it is not
     * to be closed.
     *
     * @throws dev.jumbo.error.InputException if there is none of this name
     */
    public Model member(String name) {
        if (!(network instanceof Members members)) {
            throw new InputException("expected several models, of which \"" + name + "\" is one; write models: {" + name
                    + ": {...}} instead of model");
        }
        if (division != null) {
            throw new InputException("recompute: expected one model, received models; leave recompute out");
        }
        Members.Member member = members.member(name);
        return new Model(
                member.layer(),
                member.inputs(),
                outputs(member.layer(), member.inputs()),
                member.network(),
                store,
                null);
    }

    public Layer layer() {
        return layer;
    }

    /** One example of each input. */
    public Specs inputs() {
        return inputs;
    }

    /** One example of each output. */
    public Specs outputs() {
        return outputs;
    }

    /** Where the parameters are; {@link #forward} brings its inputs there. */
    public Device device() {
        return store.values().device();
    }

    public FlatStore store() {
        return store;
    }

    /**
     * @param x {@code [N, ...]} with the input's shape behind the batch size N, in which sizes that were described as varying may
     *     be others
     * @return the main output
     * @throws ShapeException if x is not what was described
     */
    public Tensor forward(Tensor x, Pass pass) {
        return forward(Tensors.of(x), pass).main();
    }

    /**
     * As {@link #forward(Tensor, Pass)}, for any inputs and outputs.
     *
     * @param xs under the names of {@link #inputs}, or in their order; {@code positions} and {@code documents} may stand beside them, and they and {@code mask} may
     *     be left out of a pass with a cache, where one text goes on
     */
    public Tensors forward(Tensors xs, Pass pass) {
        Map<String, Tensor> places = places(xs);
        Specs asked = asked(xs, pass.cache() != null);
        Tensors named = named(places.isEmpty() ? xs : without(xs, places.keySet()), asked);
        requireDescribed(named, asked, pass.cache() != null);
        DType computing = store.computesIn();
        Device device = device();
        if (pass.cache() != null) {
            requireGoingOn(pass);
        }
        Tensors prepared = named.map(x -> Functional.prepareInput(x.to(device), computing));
        if (named.has(Masks.TIME)) {
            // 8 bits of bf16 would make 1000 of 998.
            prepared = prepared.with(Masks.TIME, named.require(Masks.TIME).to(device));
        }
        for (Map.Entry<String, Tensor> place : places.entrySet()) {
            prepared = prepared.with(place.getKey(), place.getValue().to(device));
        }
        Tensors made = network.forward(prepared, pass);
        if (pass.cache() != null) {
            pass.cache().passed(named.require(layer.counted(inputs)).size(1));
        }
        if (made.size() == 1) {
            return Tensors.of(Functional.toFloat32(made.main()));
        }
        Map<String, Tensor> kept = new LinkedHashMap<>();
        outputs.names().forEach(name -> kept.put(name, Functional.toFloat32(made.require(name))));
        return Tensors.of(kept);
    }

    private void requireGoingOn(Pass pass) {
        if (pass.training()) {
            throw new InputException(
                    "a cache is for generation: expected a pass of inference, received one of training");
        }
        if (goesOn) {
            return;
        }
        requireGoingOn("", layer, inputs);
        goesOn = true;
    }

    private static void requireGoingOn(String path, Layer layer, Specs in) {
        if (layer.runsOnce()) {
            return;
        }
        layer.parts(in).forEach(part -> requireGoingOn(Parts.join(path, part.path()), part.layer(), part.inputs()));
        if (!layer.goesOn(in)) {
            throw new InputException(
                    (path.isEmpty() ? "the model" : path) + " ("
                            + layer.getClass().getSimpleName()
                            + ") cannot go on from a cache, as a step is not computed"
                            + " from those before it that it keeps; pass the whole sequence without a cache, or make it causal");
        }
    }

    /** {@link Masks#POSITIONS} and {@link Masks#DOCUMENTS} may stand beside the inputs of any model that reads them. */
    private Map<String, Tensor> places(Tensors xs) {
        Map<String, Tensor> places = new LinkedHashMap<>();
        for (String name : List.of(Masks.POSITIONS, Masks.DOCUMENTS)) {
            Tensor given = inputs.has(name) ? null : xs.get(name);
            if (given != null && !layer.sides().contains(name)) {
                throw new ShapeException("", "inputs that a layer reads, " + layer.reads(inputs), "the input " + name);
            }
            if (given != null) {
                places.put(name, given);
            }
        }
        return places;
    }

    private static Tensors without(Tensors xs, Set<String> left) {
        Map<String, Tensor> others = new LinkedHashMap<>();
        xs.names().stream().filter(name -> !left.contains(name)).forEach(name -> others.put(name, xs.require(name)));
        return Tensors.of(others);
    }

    /** What was described, without what says which steps of a batch are real where a text goes on: all are. */
    private Specs asked(Tensors xs, boolean goesOn) {
        if (!goesOn || inputs.size() == 1) {
            return inputs;
        }
        Map<String, Spec> asked = new LinkedHashMap<>(inputs.byName());
        asked.keySet().removeIf(name -> Masks.OF_STEPS.contains(name) && !xs.has(name));
        return Specs.of(asked);
    }

    private static Tensors named(Tensors xs, Specs asked) {
        if (xs.size() != asked.size()) {
            throw new ShapeException("", asked.size() + " inputs", xs.size());
        }
        return xs.names().containsAll(asked.names()) ? inOrder(xs, asked) : xs.named(asked.names());
    }

    private static Tensors inOrder(Tensors xs, Specs asked) {
        if (xs.size() == 1 || List.copyOf(xs.names()).equals(List.copyOf(asked.names()))) {
            return xs;
        }
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        asked.names().forEach(name -> ordered.put(name, xs.require(name)));
        return Tensors.of(ordered);
    }

    /** @param goesOn from a cache, step after step, whatever number of steps the model was described for */
    private void requireDescribed(Tensors xs, Specs asked, boolean goesOn) {
        for (String name : asked.names()) {
            Tensor x = xs.require(name);
            Spec described = asked.require(name);
            Spec allowed = goesOn && described.shape().rank() > 0 ? described.varying(0) : described;
            boolean fits = x.rank() > 0 && allowed.allows(x.shape().slice(1, x.rank()));
            if (!fits) {
                throw new ShapeException(
                        asked.size() == 1 ? "input" : "inputs." + name, "a batch [N] of " + described, x.shape());
            }
            if (name.equals(Masks.MASK)
                    && described.varies(0)
                    && x.size(1) != xs.main().size(1)) {
                throw new ShapeException(
                        name, "a mask of as many steps as " + xs.main().shape(), x.shape());
            }
            if (!x.dtype().isFloating() && x.dtype() != DType.BOOL && !described.isIds()) {
                // Of what was described as numbers, an embedding takes ids as well.
                layer.outputs(inputs.with(name, new Spec(described.shape(), x.dtype(), described.varying())));
            }
        }
    }

    /**
     * Back-propagation of what was computed from this model's outputs: as {@link Tensor#backward()}, which suffices where the
     * model is not divided into blocks.
     *
     * @throws RuntimeException what went wrong in a block
     */
    public void backward(Tensor loss) {
        loss.backward();
        if (division != null) {
            division.rethrow();
        }
    }

    /** Of a divided model: frees what is kept of forward passes whose backward pass does not come, as one that failed. */
    public void abandon() {
        if (division != null) {
            division.abandon();
        }
    }

    /** Whether its passes run in blocks, as where activations are recomputed. */
    boolean isDivided() {
        return division != null;
    }

    /** All parameters and buffers by name, as files hold them; the tensors belong to the caller's scope. */
    public Map<String, Tensor> state() {
        return store.toFile();
    }

    /** Overwrites all parameters and buffers. @throws dev.jumbo.error.InputException if names or shapes differ */
    public void load(Map<String, Tensor> state) {
        store.fromFile(state);
    }

    /**
     * Overwrites the parameters and buffers that the weights have.
     *
     * @throws dev.jumbo.error.InputException naming all that is missing, unknown or of another shape; nothing is changed then
     */
    public LoadReport load(Weights weights) {
        return store.load(weights);
    }

    @Override
    public void close() {
        if (division != null) {
            division.close();
        }
        store.close();
    }
}

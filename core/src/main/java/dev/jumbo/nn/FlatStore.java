package dev.jumbo.nn;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.OutOfMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a model's parameters: all values are views into one contiguous tensor, all gradients into another, so
 * that an optimizer step, clipping, an average of weights or an all-reduce is a few operations on flat memory.
 *
 * <p>Order in memory: weights (to which weight decay applies), biases, norms. In mixed precision the first two have a
 * bf16 copy, with gradients in bf16, beside the fp32 values. Where workers divide the fp32 values between them ({@link
 * #prepareShare}), the bf16 copy is whole and {@link #values()} are the share.
 */
public final class FlatStore implements FlatSlice, AutoCloseable {
    private final List<Parameter> trainable;
    private final List<Parameter> buffers;
    private final List<Tensor> retained = new ArrayList<>();
    private final FlatRange whole;
    private final long decayedOfWhole;
    private final long firstNorm;
    private Tensor values;
    private Tensor state;
    private FlatRange range;
    private @Nullable Tensor gradients;
    private @Nullable MixedPrecision mixed;

    /**
     * A flat tensor that passes compute with, and its gradients.
     *
     * @param range which values they are
     */
    public record Part(FlatRange range, Tensor values, Tensor gradients) {}

    FlatStore(Parameters parameters, RandomState seed, Device device) {
        FlatOrder order = FlatOrder.of(parameters);
        trainable = order.trainable();
        buffers = order.buffers();
        decayedOfWhole = elements(Parameter.Role.WEIGHT);
        firstNorm = decayedOfWhole + elements(Parameter.Role.BIAS);
        whole = FlatRange.whole(FlatOrder.count(trainable));
        range = whole;
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            values = retain(allocate(whole.length()).to(device));
            state = retain(allocate(FlatOrder.count(buffers)).to(device));
            fill(trainable, values, seed);
            fill(buffers, state, seed);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        useForInference();
    }

    /** All trainable values, or those of {@link #range()}: {@code [count]}, FLOAT32. */
    @Override
    public Tensor values() {
        return values;
    }

    /** Which values {@link #values()} are: all, except after {@link #prepareShare}. */
    public FlatRange range() {
        return range;
    }

    /** All trainable values. */
    public FlatRange whole() {
        return whole;
    }

    /** All buffers, {@code [count]}, FLOAT32. */
    public Tensor buffers() {
        return state;
    }

    /**
     * All gradients in the order of {@link #values()}.
     *
     * @throws IllegalStateException before {@link #prepareTraining}, and after {@link #prepareShare}, which keeps them in
     *     {@link #parts()}
     */
    @Override
    public Tensor gradients() {
        if (gradients == null) {
            throw new IllegalStateException("expected gradients, found none: call prepareTraining first");
        }
        return gradients;
    }

    @Override
    public long decayed() {
        return range.intersect(FlatRange.whole(decayedOfWhole)).length();
    }

    /** Parameters that training changes, in the order of memory. */
    public List<Parameter> trainable() {
        return trainable;
    }

    /** Makes every parameter a leaf whose gradient is a view into {@link #gradients()}. @param bf16 whether to compute in bf16 over fp32 values */
    public void prepareTraining(boolean bf16) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            gradients = retain(Tensor.zeros(values.shape()).to(values.device()));
            mixed = bf16 ? MixedPrecision.beside(values, gradients, firstNorm) : null;
            makeLeaves();
        }
    }

    /**
     * As {@link #prepareTraining}, with values, buffers, gradients and passes in FLOAT64. Slow; it tells what rounds from what is
     * wrong, where two ways to compute the same are compared.
     */
    public void prepareExactTraining() {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            values = retain(values.to(DType.FLOAT64));
            state = retain(state.to(DType.FLOAT64));
            gradients = retain(Tensor.zeros(values.shape(), DType.FLOAT64).to(values.device()));
            use(buffers, state);
            makeLeaves();
        }
    }

    /**
     * As {@link #prepareTraining} in bf16, with the fp32 values of one part only; the bf16 copy is the only one of the
     * rest. Gradients stay in bf16, also while they are added up over several batches. 4 bytes a value, and 4 for each of
     * the part.
     */
    public void prepareShare(FlatRange share) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            mixed = MixedPrecision.insteadOf(values, firstNorm);
            makeLeaves();
            Tensor all = values;
            values = retain(share.of(all).copy());
            range = share;
            all.close();
        }
    }

    private void makeLeaves() {
        if (mixed != null) {
            mixed.tensors().forEach(this::retain);
        }
        each(trainable, (p, at) -> {
            Tensor from = mixed == null ? at.of(values) : mixed.part(p.role(), at, false);
            Tensor into = mixed == null ? at.of(gradients()) : mixed.part(p.role(), at, true);
            Tensor leaf =
                    retain(p.layout().forNetwork(from, p.shape()).detach()).requiresGrad(true);
            leaf.gradInto(p.layout().forNetwork(into, p.shape()));
            p.tensor().close();
            p.use(leaf);
        });
    }

    /**
     * What passes compute with and add gradients to, in whole: what workers have to agree on. Where parts overlap, the
     * later one counts.
     */
    public List<Part> parts() {
        if (mixed == null || gradients != null) {
            return List.of(new Part(whole, values, gradients()));
        }
        return List.of(
                new Part(whole, mixed.values(), mixed.gradients()),
                new Part(new FlatRange(firstNorm, whole.end()), mixed.norms(), mixed.normGradients()));
    }

    /** Before a backward pass: gradients are zero. */
    public void zeroGradients() {
        if (gradients != null) {
            gradients.zero_();
        }
        if (mixed != null) {
            mixed.zeroGradients();
        }
    }

    /** After a backward pass in mixed precision: adds the bf16 gradients to {@link #gradients()} and clears them. */
    public void gatherGradients() {
        gatherGradients(0, whole.length());
    }

    /** As {@link #gatherGradients()}, of the parameters that lie in a part of the memory. */
    public void gatherGradients(long start, long length) {
        if (mixed != null && gradients != null) {
            mixed.gatherInto(gradients, new FlatRange(start, start + length));
        }
    }

    /** After {@link #values()} changed: brings the bf16 copy of {@link #range()} up to date. */
    @Override
    public void valuesChanged() {
        if (mixed != null) {
            mixed.update(values, range);
        }
    }

    /** The type of forward passes. */
    public DType computesIn() {
        return mixed != null ? DType.BFLOAT16 : values.dtype();
    }

    /** Contiguous copies under their names, in PyTorch's shapes and order. They belong to the caller's scope. */
    public Map<String, Tensor> toFile() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        try (Autograd off = Autograd.noGrad()) {
            toFile(at -> at.of(values))
                    .forEach(s -> named.put(s.name(), s.values().get()));
        }
        return named;
    }

    /**
     * What {@link #toFile()} gives, one after the other as it is asked for: for a store that has only a part of the values.
     *
     * @param read gives the fp32 values of a range, which it finds wherever they are
     */
    public List<Safetensors.Source> toFile(Function<FlatRange, Tensor> read) {
        List<Safetensors.Source> sources = new ArrayList<>();
        each(trainable, (p, at) -> sources.add(source(p, () -> read.apply(at))));
        each(buffers, (p, at) -> sources.add(source(p, () -> at.of(state))));
        return sources;
    }

    private static Safetensors.Source source(Parameter p, Supplier<Tensor> flat) {
        return new Safetensors.Source(p.name(), DType.FLOAT32, p.shape(), () -> inFileOrder(p, flat.get()));
    }

    /** Copies of the gradients under the names of their parameters, in PyTorch's shapes and order: to inspect them. */
    public Map<String, Tensor> gradientsByName() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        try (Autograd off = Autograd.noGrad()) {
            each(trainable, (p, at) -> named.put(p.name(), inFileOrder(p, at.of(gradients()))));
        }
        return named;
    }

    private static Tensor inFileOrder(Parameter p, Tensor flat) {
        Tensor view = p.layout().forFile(flat, p.shape());
        Tensor copy = view.isContiguous() ? view.copy() : view.contiguous();
        return copy.reshape(p.shape().toArray()).to(Device.CPU);
    }

    /**
     * Overwrites all values and buffers. PyTorch's counters {@code num_batches_tracked} are passed over: nothing here
     * depends on them.
     *
     * @throws InputException if a name is missing, unknown or has another shape; nothing is changed then
     */
    public void fromFile(Map<String, Tensor> named) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        named.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        load(shapes, name -> Objects.requireNonNull(named.get(name)));
    }

    /** As {@link #fromFile(Map)}, holding one tensor of the file at a time. */
    public void fromFile(SafetensorsFile file) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        file.names().forEach(name -> shapes.put(name, file.entry(name).shape()));
        load(shapes, file::read);
    }

    /** As {@link #fromFile(SafetensorsFile)}, of a file that also has what other workers hold of the model. */
    public void fromFileOfMore(SafetensorsFile file) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        Stream.concat(trainable.stream(), buffers.stream())
                .filter(p -> file.names().contains(p.name()))
                .forEach(p -> shapes.put(p.name(), file.entry(p.name()).shape()));
        load(shapes, file::read);
    }

    private void load(Map<String, Shape> shapes, Function<String, Tensor> read) {
        Map<String, Shape> rest = new LinkedHashMap<>(shapes);
        rest.keySet().removeIf(name -> name.endsWith("num_batches_tracked"));
        Stream.concat(trainable.stream(), buffers.stream()).forEach(p -> requireFits(p, rest.remove(p.name())));
        if (!rest.isEmpty()) {
            throw new InputException("the model has no parameters named " + rest.keySet());
        }
        try (Autograd off = Autograd.noGrad()) {
            each(trainable, (p, at) -> fromFile(p, range.equals(whole) ? at.of(values) : null, at, read));
            each(buffers, (p, at) -> fromFile(p, at.of(state), at, read));
            try (Scope scope = Scope.open()) {
                valuesChanged();
            }
        }
    }

    /** @param place where the values go, or null where they are divided */
    private void fromFile(Parameter p, @Nullable Tensor place, FlatRange at, Function<String, Tensor> read) {
        try (Scope scope = Scope.open()) {
            Tensor flat = place == null ? Tensor.zeros(Shape.of(at.length())) : place;
            Tensor view = p.layout().forFile(flat, p.shape());
            view.copy_(read.apply(p.name()).reshape(view.shape().toArray()));
            if (place == null && mixed != null) {
                mixed.update(flat, at);
                FlatRange own = at.intersect(range);
                if (!own.isEmpty()) {
                    own.relativeTo(range.start())
                            .of(values)
                            .copy_(own.relativeTo(at.start()).of(flat));
                }
            }
        }
    }

    /** Frees all memory. The parameters must not be used afterwards. */
    @Override
    public void close() {
        retained.forEach(Tensor::close);
    }

    private static void requireFits(Parameter p, @Nullable Shape shape) {
        if (shape == null) {
            throw new InputException("expected a tensor \"" + p.name() + "\" " + p.shape() + ", found none");
        }
        if (!shape.equals(p.shape())) {
            throw new InputException(
                    "expected \"" + p.name() + "\" to have the shape " + p.shape() + ", received " + shape);
        }
    }

    private static void each(List<Parameter> parameters, BiConsumer<Parameter, FlatRange> action) {
        long at = 0;
        for (Parameter p : parameters) {
            long end = at + p.shape().elements();
            action.accept(p, new FlatRange(at, end));
            at = end;
        }
    }

    private static void fill(List<Parameter> parameters, Tensor flat, RandomState seed) {
        each(parameters, (p, at) -> {
            Tensor first = Tensor.zeros(p.shape());
            seed.derive(p.name()).seedTorch();
            p.initializer().fill(first, p.fans());
            Tensor view = p.layout().forFile(at.of(flat), p.shape());
            view.copy_(first.reshape(view.shape().toArray()));
        });
    }

    private void useForInference() {
        try (Scope scope = Scope.open()) {
            use(trainable, values);
            use(buffers, state);
        }
    }

    private void use(List<Parameter> parameters, Tensor flat) {
        each(parameters, (p, at) -> p.use(retain(p.layout().forNetwork(at.of(flat), p.shape()))));
    }

    private static Tensor allocate(long count) {
        try {
            return Tensor.zeros(Shape.of(count));
        } catch (RuntimeException e) {
            throw new FailureException(
                    String.format(
                            Locale.ROOT,
                            "the model's %,d values need %s, which the system does not give; make the model smaller",
                            count,
                            OutOfMemory.bytes((double) Float.BYTES * count)),
                    e);
        }
    }

    private Tensor retain(Tensor tensor) {
        retained.add(tensor.retain());
        return tensor;
    }

    private long elements(Parameter.Role role) {
        return FlatOrder.count(trainable.stream().filter(p -> p.role() == role).toList());
    }
}

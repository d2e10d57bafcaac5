package dev.jumbo.nn;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The memory of a model's parameters: all values are views into one contiguous tensor, all gradients into another, so
 * that an optimizer step, clipping, an average of weights or an all-reduce is a few operations on flat memory.
 *
 * <p>Order in memory: weights (to which weight decay applies), biases, norms. In mixed precision the first two have a
 * bf16 copy, with gradients in bf16, beside the fp32 values.
 */
public final class FlatStore implements AutoCloseable {
    private final List<Parameter> trainable;
    private final List<Parameter> buffers;
    private final List<Tensor> retained = new ArrayList<>();
    private final Tensor values;
    private final Tensor state;
    private final long decayed;
    private final long lowPrecision;
    private @Nullable Tensor gradients;
    private @Nullable Tensor lowValues;
    private @Nullable Tensor lowGradients;

    FlatStore(Parameters parameters, RandomState seed, Device device) {
        trainable = parameters.all().stream()
                .filter(p -> p.role() != Parameter.Role.BUFFER)
                .sorted(Comparator.comparing(Parameter::role))
                .toList();
        buffers = parameters.all().stream()
                .filter(p -> p.role() == Parameter.Role.BUFFER)
                .toList();
        decayed = elements(Parameter.Role.WEIGHT);
        lowPrecision = decayed + elements(Parameter.Role.BIAS);
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            values = retain(allocate(elements(trainable)).to(device));
            state = retain(allocate(elements(buffers)).to(device));
            fill(trainable, values, seed);
            fill(buffers, state, seed);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        useForInference();
    }

    /** All trainable values, {@code [count]}, FLOAT32. */
    public Tensor values() {
        return values;
    }

    /** All buffers, {@code [count]}, FLOAT32. */
    public Tensor buffers() {
        return state;
    }

    /** All gradients in the order of {@link #values()}. @throws IllegalStateException before {@link #prepareTraining} */
    public Tensor gradients() {
        if (gradients == null) {
            throw new IllegalStateException("expected gradients, found none: call prepareTraining first");
        }
        return gradients;
    }

    /** How many values from the start weight decay applies to. */
    public long decayed() {
        return decayed;
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
            if (bf16) {
                lowValues = retain(values.narrow(0, 0, lowPrecision).to(DType.BFLOAT16));
                lowGradients = retain(lowValues.copy().zero_());
            }
            long at = 0;
            for (Parameter p : trainable) {
                boolean low = bf16 && p.role() != Parameter.Role.NORM;
                Tensor from = low && lowValues != null ? lowValues : values;
                Tensor into = low && lowGradients != null ? lowGradients : gradients;
                long n = p.shape().elements();
                Tensor leaf = retain(
                        p.layout().forNetwork(from.narrow(0, at, n), p.shape()).detach());
                leaf.requiresGrad(true);
                leaf.gradInto(p.layout().forNetwork(into.narrow(0, at, n), p.shape()));
                p.use(leaf);
                at += n;
            }
        }
    }

    /** Before a backward pass: gradients are zero. */
    public void zeroGradients() {
        gradients().zero_();
        if (lowGradients != null) {
            lowGradients.zero_();
        }
    }

    /** After a backward pass in mixed precision: adds the bf16 gradients to {@link #gradients()} and clears them. */
    public void gatherGradients() {
        gatherGradients(0, values.elements());
    }

    /** As {@link #gatherGradients()}, of the parameters that lie in a part of the memory. */
    public void gatherGradients(long start, long length) {
        long low = Math.min(start + length, lowPrecision) - start;
        if (lowGradients != null && low > 0) {
            Tensor part = lowGradients.narrow(0, start, low);
            gradients().narrow(0, start, low).add_(part);
            part.zero_();
        }
    }

    /** After {@link #values()} changed: brings the bf16 copy up to date. */
    public void valuesChanged() {
        if (lowValues != null) {
            lowValues.copy_(values.narrow(0, 0, lowPrecision));
        }
    }

    /** Whether forward passes compute in bf16. */
    public boolean isLowPrecision() {
        return lowValues != null;
    }

    /** Contiguous copies under their names, in PyTorch's shapes and order. They belong to the caller's scope. */
    public Map<String, Tensor> toFile() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        try (Autograd off = Autograd.noGrad()) {
            forEach((p, flat) -> named.put(p.name(), inFileOrder(p, flat)));
        }
        return named;
    }

    /** Copies of the gradients under the names of their parameters, in PyTorch's shapes and order: to inspect them. */
    public Map<String, Tensor> gradientsByName() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        try (Autograd off = Autograd.noGrad()) {
            each(trainable, gradients(), (p, flat) -> named.put(p.name(), inFileOrder(p, flat)));
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
        Map<String, Tensor> rest = new LinkedHashMap<>(named);
        rest.keySet().removeIf(name -> name.endsWith("num_batches_tracked"));
        Stream.concat(trainable.stream(), buffers.stream()).forEach(p -> requireFits(p, rest.remove(p.name())));
        if (!rest.isEmpty()) {
            throw new InputException("the model has no parameters named " + rest.keySet());
        }
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            forEach((p, flat) -> {
                Tensor view = p.layout().forFile(flat, p.shape());
                Tensor from = named.get(p.name());
                view.copy_(Objects.requireNonNull(from).reshape(view.shape().toArray()));
            });
            valuesChanged();
        }
    }

    /** Frees all memory. The parameters must not be used afterwards. */
    @Override
    public void close() {
        retained.forEach(Tensor::close);
    }

    private static void requireFits(Parameter p, @Nullable Tensor tensor) {
        if (tensor == null) {
            throw new InputException("expected a tensor \"" + p.name() + "\" " + p.shape() + ", found none");
        }
        if (!tensor.shape().equals(p.shape())) {
            throw new InputException(
                    "expected \"" + p.name() + "\" to have the shape " + p.shape() + ", received " + tensor.shape());
        }
    }

    private void forEach(BiConsumer<Parameter, Tensor> action) {
        each(trainable, values, action);
        each(buffers, state, action);
    }

    private static void each(List<Parameter> parameters, Tensor flat, BiConsumer<Parameter, Tensor> action) {
        long at = 0;
        for (Parameter p : parameters) {
            long n = p.shape().elements();
            action.accept(p, flat.narrow(0, at, n));
            at += n;
        }
    }

    private void fill(List<Parameter> parameters, Tensor flat, RandomState seed) {
        each(parameters, flat, (p, part) -> {
            Tensor first = Tensor.zeros(p.shape());
            seed.derive(p.name()).seedTorch();
            p.initializer().fill(first, p.fans());
            Tensor view = p.layout().forFile(part, p.shape());
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
        long at = 0;
        for (Parameter p : parameters) {
            long n = p.shape().elements();
            p.use(retain(p.layout().forNetwork(flat.narrow(0, at, n), p.shape())));
            at += n;
        }
    }

    private static Tensor allocate(long count) {
        try {
            return Tensor.zeros(Shape.of(count));
        } catch (RuntimeException e) {
            throw new FailureException(
                    String.format(
                            Locale.ROOT,
                            "the model's %,d values need %.1f GB, which the system does not give; make the model smaller",
                            count,
                            4e-9 * count),
                    e);
        }
    }

    private Tensor retain(Tensor tensor) {
        retained.add(tensor.retain());
        return tensor;
    }

    private long elements(Parameter.Role role) {
        return elements(trainable.stream().filter(p -> p.role() == role).toList());
    }

    private static long elements(List<Parameter> parameters) {
        return parameters.stream().mapToLong(p -> p.shape().elements()).sum();
    }
}

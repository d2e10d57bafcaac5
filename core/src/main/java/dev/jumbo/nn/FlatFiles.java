package dev.jumbo.nn;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.weights.LoadPlan;
import dev.jumbo.nn.weights.LoadReport;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.Safetensors;
import dev.jumbo.tensor.SafetensorsFile;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Between the memory of a {@link FlatStore} and files, which have PyTorch's names, shapes and order. */
abstract sealed class FlatFiles permits FlatStore {
    abstract FlatOrder order();

    /** All trainable values, or those of {@link #range()}: {@code [count]}, FLOAT32. */
    public abstract Tensor values();

    /** Which values {@link #values()} are. */
    public abstract FlatRange range();

    /** All trainable values. */
    public abstract FlatRange whole();

    /** All buffers, {@code [count]}, FLOAT32. */
    public abstract Tensor buffers();

    /** All gradients in the order of {@link #values()}. */
    public abstract Tensor gradients();

    /** After {@link #values()} changed: brings every copy up to date. */
    public abstract void valuesChanged();

    /**
     * Gives frozen values to somebody who may change them, such as a broadcast from the first worker: each in turn, in
     * FLOAT32, in PyTorch's shape.
     */
    public void alignFrozen(Consumer<Tensor> align) {
        for (Parameter p : order().frozen()) {
            try (Scope scope = Scope.open()) {
                Tensor whole = p.frozen().forFile().to(DType.FLOAT32).to(values().device());
                align.accept(whole);
                p.frozen().set(whole);
            }
        }
    }

    /** Takes over fp32 values of a range where they are divided. */
    abstract void take(Tensor flat, FlatRange at);

    /**
     * Contiguous copies under their names, in PyTorch's shapes and order; tied parameters under all of theirs. They belong to
     * the caller's scope.
     */
    public Map<String, Tensor> toFile() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        try (Autograd off = Autograd.noGrad()) {
            toFile(at -> at.of(values()))
                    .forEach(s -> named.put(s.name(), s.values().get()));
        }
        order().tied().forEach((name, of) -> named.put(name, Objects.requireNonNull(named.get(of))));
        return named;
    }

    /**
     * Every parameter and buffer once, one after the other as it is asked for: for a store that has only a part of the values.
     *
     * @param read gives the fp32 values of a range, which it finds wherever they are
     */
    public List<Safetensors.Source> toFile(Function<FlatRange, Tensor> read) {
        List<Safetensors.Source> sources = new ArrayList<>();
        FlatOrder.each(order().trainable(), (p, at) -> sources.add(source(p, () -> read.apply(at))));
        order().frozen()
                .forEach(p -> sources.add(new Safetensors.Source(
                        p.name(), p.fileType(), p.shape(), () -> p.frozen().forFile())));
        FlatOrder.each(order().buffers(), (p, at) -> sources.add(source(p, () -> at.of(buffers()))));
        return sources;
    }

    /** As {@link #toFile(Function)}, with quantized values in 8 or 4 bits, as they are held. */
    public List<Safetensors.Source> toFileAsHeld(Function<FlatRange, Tensor> read) {
        List<Safetensors.Source> sources = new ArrayList<>();
        FlatOrder.each(order().trainable(), (p, at) -> sources.add(source(p, () -> read.apply(at))));
        order().frozen().forEach(p -> sources.addAll(p.frozen().sources()));
        FlatOrder.each(order().buffers(), (p, at) -> sources.add(source(p, () -> at.of(buffers()))));
        return sources;
    }

    /** Copies of the gradients under the names of their parameters, in PyTorch's shapes and order: to inspect them. */
    public Map<String, Tensor> gradientsByName() {
        Map<String, Tensor> named = new LinkedHashMap<>();
        try (Autograd off = Autograd.noGrad()) {
            FlatOrder.each(order().trainable(), (p, at) -> named.put(p.name(), inFileOrder(p, at.of(gradients()))));
        }
        return named;
    }

    /**
     * Overwrites all values and buffers. PyTorch's counters {@code num_batches_tracked} are passed over: nothing here
     * depends on them.
     *
     * @throws InputException naming all that is missing, unknown or of another shape; nothing is changed then
     */
    public void fromFile(Map<String, Tensor> named) {
        load(Weights.of(TensorSource.of(named)));
    }

    /** As {@link #fromFile(Map)}, holding one tensor of the file at a time. */
    public void fromFile(SafetensorsFile file) {
        load(Weights.of(TensorSource.of("", file)));
    }

    /** As {@link #fromFile(SafetensorsFile)}. @param kept names of parameters that the file does not have, and that stay as they are */
    public void fromFile(SafetensorsFile file, Set<String> kept) {
        load(Weights.of(TensorSource.of("", file)), kept);
    }

    /** As {@link #fromFile(SafetensorsFile, Set)}, of a file that also has what other workers hold of the model. */
    public void fromFileOfMore(SafetensorsFile file, Set<String> kept) {
        Set<String> names = order().names();
        load(
                Weights.of(TensorSource.of("", file)
                        .only(name -> names.contains(name) || order().tied().containsKey(name))),
                kept);
    }

    /**
     * Overwrites the parameters and buffers that the weights have, and leaves those that they need not have.
     *
     * @throws InputException naming all that is missing, unknown or of another shape; nothing is changed then
     */
    public LoadReport load(Weights weights) {
        return load(weights, Set.of());
    }

    private LoadReport load(Weights weights, Set<String> kept) {
        Map<String, Shape> wanted = new LinkedHashMap<>(FirstValues.shapes(order()));
        wanted.keySet().removeAll(kept);
        LoadPlan plan = LoadPlan.of(weights, wanted, order().tied());
        try (Autograd off = Autograd.noGrad()) {
            boolean whole = range().equals(whole());
            FlatOrder.each(order().trainable(), (p, at) -> load(p, whole ? at.of(values()) : null, at, plan));
            FlatOrder.each(order().buffers(), (p, at) -> load(p, at.of(buffers()), at, plan));
            for (Parameter p : order().frozen()) {
                if (plan.has(p.name())) {
                    try (Scope scope = Scope.open()) {
                        p.frozen().set(plan.read(p.name()).to(values().device()));
                    }
                }
            }
            try (Scope scope = Scope.open()) {
                valuesChanged();
            }
        }
        return plan.report();
    }

    /** @param place where the values go, or null where they are divided */
    private void load(Parameter p, @Nullable Tensor place, FlatRange at, LoadPlan plan) {
        if (!plan.has(p.name())) {
            return;
        }
        try (Scope scope = Scope.open()) {
            Tensor flat = place == null ? Tensor.zeros(Shape.of(at.length())) : place;
            Tensor view = p.layout().forFile(flat, p.shape());
            view.copy_(plan.read(p.name()).reshape(view.shape().toArray()));
            if (place == null) {
                take(flat, at);
            }
        }
    }

    static Safetensors.Source source(Parameter p, Supplier<Tensor> flat) {
        return new Safetensors.Source(p.name(), DType.FLOAT32, p.shape(), () -> inFileOrder(p, flat.get()));
    }

    private static Tensor inFileOrder(Parameter p, Tensor flat) {
        Tensor view = p.layout().forFile(flat, p.shape());
        Tensor copy = view.isContiguous() ? view.copy() : view.contiguous();
        return copy.reshape(p.shape().toArray()).to(Device.CPU);
    }
}

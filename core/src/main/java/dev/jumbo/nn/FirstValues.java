package dev.jumbo.nn;

import dev.jumbo.error.FailureException;
import dev.jumbo.nn.weights.LoadPlan;
import dev.jumbo.nn.weights.LoadReport;
import dev.jumbo.nn.weights.NameMap;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.nn.weights.Weights;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Device;
import dev.jumbo.tensor.OutOfMemory;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a model's first values come from. What is loaded is not drawn first, and what is drawn does not depend on what is
 * loaded: each parameter has a random stream of its own, named after it.
 *
 * @param seed of what is drawn; null leaves zeros, for a model that is loaded afterwards
 * @param weights what is loaded; null for nothing
 */
public record FirstValues(
        @Nullable RandomState seed, @Nullable Weights weights) {
    /** By the layers' initialisers. */
    public static FirstValues drawn(RandomState seed) {
        return new FirstValues(seed, null);
    }

    /** Loaded, the rest by the layers' initialisers. */
    public static FirstValues loaded(Weights weights, RandomState seed) {
        return new FirstValues(seed, weights);
    }

    /** Loaded, all of them. */
    public static FirstValues loaded(Weights weights) {
        return new FirstValues(null, weights);
    }

    /** Zeros, which something overwrites before the model is used. */
    public static FirstValues unset() {
        return new FirstValues(null, null);
    }

    /** What would be loaded of a model; nothing is read. @throws dev.jumbo.error.InputException if it does not fit */
    public LoadReport check(FlatOrder order) {
        LoadPlan plan = plan(order);
        return plan == null ? new LoadReport("", List.of(), List.copyOf(order.names()), List.of()) : plan.report();
    }

    /** The same for a part of the model. */
    public FirstValues ofPart(FlatOrder part) {
        if (weights == null) {
            return this;
        }
        Set<String> names = part.names();
        TensorSource own = weights.map().apply(weights.from()).only(names::contains);
        return new FirstValues(seed, new Weights(own, NameMap.none(), weights.missing()));
    }

    /** What is loaded of a model. @throws dev.jumbo.error.InputException if it does not fit */
    @Nullable
    LoadPlan plan(FlatOrder order) {
        return weights == null ? null : LoadPlan.of(weights, shapes(order), order.tied());
    }

    static Map<String, Shape> shapes(FlatOrder order) {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        order.all().forEach(p -> shapes.put(p.name(), p.shape()));
        return shapes;
    }

    /** The value of a parameter in PyTorch's shape, in the caller's scope. */
    Tensor of(Parameter p, @Nullable LoadPlan plan) {
        if (plan != null && plan.has(p.name())) {
            return plan.read(p.name()).to(DType.FLOAT32).contiguous();
        }
        Parameter.Derived derived = p.derived();
        if (seed != null && derived != null) {
            return derive(derived, plan);
        }
        Tensor first = Tensor.zeros(p.shape());
        if (seed != null) {
            seed.derive(p.name()).seedTorch();
            p.initializer().fill(first, p.fans());
        }
        return first;
    }

    /** Of a frozen parameter, what its storage leaves of the value. */
    private Tensor derive(Parameter.Derived derived, @Nullable LoadPlan plan) {
        Parameter from = derived.from();
        Tensor value = of(from, plan);
        if (!from.isFrozen()) {
            return derived.how().apply(value);
        }
        try (FrozenValue held = FrozenValue.of(from, value)) {
            return derived.how().apply(held.forFile().to(DType.FLOAT32));
        }
    }

    /** Gives some parameters their values, each apart, so that no more memory is needed than for the largest. */
    void fill(List<Parameter> parameters, Tensor flat, @Nullable LoadPlan plan) {
        FlatOrder.each(parameters, (p, at) -> {
            try (Scope scope = Scope.open()) {
                Tensor view = p.layout().forFile(at.of(flat), p.shape());
                view.copy_(of(p, plan).reshape(view.shape().toArray()));
            }
        });
    }

    /** Gives a frozen parameter memory and values. */
    FrozenValue freeze(Parameter p, @Nullable LoadPlan plan, Device device) {
        try (Scope scope = Scope.open()) {
            FrozenValue held = FrozenValue.of(p, of(p, plan).to(device));
            p.use(held);
            return held;
        }
    }

    static Tensor allocate(long count) {
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
}

package dev.jumbo.nn;

import dev.jumbo.nn.weights.ParameterGroups;
import dev.jumbo.nn.weights.Storage;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * In which order a {@link FlatStore} holds the parameters of a described model. Nothing is allocated, so it is known of models
 * that do not fit this process.
 *
 * @param trainable weights, biases, norms, each in the order of the layers
 * @param frozen what is not trained, in the order of the layers
 * @param buffers in the order of the layers
 * @param tied further names of parameters, with the name under which each is saved
 */
public record FlatOrder(
        List<Parameter> trainable, List<Parameter> frozen, List<Parameter> buffers, Map<String, String> tied) {
    /** The order of a described model. @param inputs one example of each input */
    public static FlatOrder of(Layer layer, Specs inputs) {
        return of(layer, inputs, ParameterGroups.none());
    }

    /** As {@link #of(Layer, Specs)}, of a model some of whose parameters are frozen or trained in another way. */
    public static FlatOrder of(Layer layer, Specs inputs, ParameterGroups groups) {
        Parameters parameters = Parameters.collect();
        layer.build(inputs, parameters);
        return of(parameters, groups);
    }

    /** As {@link #of(Layer, Specs, ParameterGroups)}. @param division is told the blocks of the model, whose slots are those of this */
    public static FlatOrder of(Layer layer, Specs inputs, ParameterGroups groups, Division division) {
        Parameters parameters = Parameters.collect();
        Parameters.build(layer, inputs, parameters, division);
        return of(parameters, groups);
    }

    static FlatOrder of(Parameters parameters, ParameterGroups groups) {
        parameters.all().forEach(p -> p.join(groups.of(p.name())));
        return new FlatOrder(
                parameters.all().stream()
                        .filter(p -> p.role() != Parameter.Role.BUFFER && !p.isFrozen())
                        .sorted(Comparator.comparing(Parameter::role))
                        .toList(),
                where(parameters, Parameter::isFrozen),
                where(parameters, p -> p.role() == Parameter.Role.BUFFER),
                parameters.tied());
    }

    /** Without what training changes. */
    FlatOrder withoutTrainable() {
        return new FlatOrder(List.of(), frozen, buffers, tied);
    }

    /** The shape of each parameter and buffer by its name, as files hold it. */
    public Map<String, Shape> shapes() {
        return FirstValues.shapes(this);
    }

    private static List<Parameter> where(Parameters parameters, Predicate<Parameter> holds) {
        return parameters.all().stream().filter(holds).toList();
    }

    /** Every parameter and buffer once. */
    public Stream<Parameter> all() {
        return Stream.of(trainable, frozen, buffers).flatMap(List::stream);
    }

    /** Names of all parameters and buffers. */
    public Set<String> names() {
        return all().map(Parameter::name).collect(Collectors.toSet());
    }

    /**
     * Weights as a model holds them: of frozen parameters that it keeps in another type, what is left of each value there. Passes compute
     * with the same bits.
     *
     * @param source has the model's names
     */
    public TensorSource asHeld(TensorSource source) {
        Map<String, TensorSource.Stored> held = new LinkedHashMap<>(source.tensors());
        for (Parameter p : frozen) {
            TensorSource.Stored stored = held.get(p.name());
            if (stored != null && FrozenValue.storage(p) != Storage.FP32) {
                held.put(p.name(), new TensorSource.Stored(p.fileType(), p.shape(), () -> held(p, stored)));
            }
        }
        return TensorSource.named(source.where(), source.files(), held);
    }

    private static Tensor held(Parameter p, TensorSource.Stored stored) {
        try (Scope scope = Scope.open();
                FrozenValue value =
                        FrozenValue.of(p, stored.read().get().to(DType.FLOAT32).contiguous())) {
            return scope.keep(value.forFile());
        }
    }

    /** @throws dev.jumbo.error.InputException if a group has no parameter */
    public void requireAllUsed(ParameterGroups groups) {
        groups.requireAllUsed(
                Stream.concat(trainable.stream(), frozen.stream())
                        .map(Parameter::name)
                        .toList(),
                tied);
    }

    /** With the place of each in flat values. */
    static void each(List<Parameter> parameters, BiConsumer<Parameter, FlatRange> action) {
        long at = 0;
        for (Parameter p : parameters) {
            long end = at + p.shape().elements();
            action.accept(p, new FlatRange(at, end));
            at = end;
        }
    }

    /** Bytes that a frozen parameter takes in memory, in the type that its group asks for. */
    public static double bytes(Parameter frozen) {
        return FrozenValue.storage(frozen).bytes(frozen.shape(), FrozenValue.groupSize(frozen));
    }

    /** How many values some parameters have. */
    public static long count(List<Parameter> parameters) {
        return parameters.stream().mapToLong(p -> p.shape().elements()).sum();
    }

    /** Where those of some names lie in the flat values of all, neighbours as one range. */
    public static List<FlatRange> ranges(List<Parameter> all, Set<String> names) {
        List<FlatRange> ranges = new ArrayList<>();
        long at = 0;
        for (Parameter parameter : all) {
            long end = at + parameter.shape().elements();
            if (names.contains(parameter.name())) {
                int last = ranges.size() - 1;
                if (last >= 0 && ranges.get(last).end() == at) {
                    ranges.set(last, new FlatRange(ranges.get(last).start(), end));
                } else {
                    ranges.add(new FlatRange(at, end));
                }
            }
            at = end;
        }
        return ranges;
    }
}

package dev.jumbo.nn;

import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * In which order a {@link FlatStore} holds the parameters of a described model. Nothing is allocated, so it is known of models
 * that do not fit this process.
 *
 * @param trainable weights, biases, norms, each in the order of the layers
 * @param buffers in the order of the layers
 */
public record FlatOrder(List<Parameter> trainable, List<Parameter> buffers) {
    /** The order of a described model. @param inputs one example of each input */
    public static FlatOrder of(Layer layer, Specs inputs) {
        Parameters parameters = Parameters.collect();
        layer.build(inputs, parameters);
        return of(parameters);
    }

    static FlatOrder of(Parameters parameters) {
        return new FlatOrder(
                parameters.all().stream()
                        .filter(p -> p.role() != Parameter.Role.BUFFER)
                        .sorted(Comparator.comparing(Parameter::role))
                        .toList(),
                parameters.all().stream()
                        .filter(p -> p.role() == Parameter.Role.BUFFER)
                        .toList());
    }

    /** Names of all parameters and buffers. */
    public Set<String> names() {
        return Stream.concat(trainable.stream(), buffers.stream())
                .map(Parameter::name)
                .collect(Collectors.toSet());
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

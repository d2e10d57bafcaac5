package dev.jumbo.nn.weights;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How the parameters of a model are divided into groups: the first group that matches a name has the parameter, what none
 * matches is trained by the settings of the training.
 */
public record ParameterGroups(List<ParameterGroup> groups) {
    private static final ParameterGroups NONE = new ParameterGroups(List.of());

    public ParameterGroups {
        groups = List.copyOf(groups);
    }

    /** All parameters alike. */
    public static ParameterGroups none() {
        return NONE;
    }

    public static ParameterGroups of(ParameterGroup... groups) {
        return new ParameterGroups(List.of(groups));
    }

    /** The same, with all learning rates as multiples of that of the training. */
    public ParameterGroups relativeTo(double baseLearningRate) {
        return new ParameterGroups(
                groups.stream().map(g -> g.relativeTo(baseLearningRate)).toList());
    }

    /** The group that has a parameter. */
    public ParameterGroup of(String parameter) {
        return groups.stream()
                .filter(group -> group.matches(parameter))
                .findFirst()
                .orElse(ParameterGroup.DEFAULT);
    }

    /**
     * Checks that each group has something.
     *
     * @param parameters names of all that can be trained
     * @param tied other names, with the parameter that each means
     * @throws InputException naming each group that has nothing, with the nearest parameters
     */
    public void requireAllUsed(Collection<String> parameters, Map<String, String> tied) {
        Map<ParameterGroup, Integer> had = new LinkedHashMap<>();
        parameters.forEach(name -> had.merge(of(name), 1, Integer::sum));
        List<String> wrong = new ArrayList<>();
        for (ParameterGroup group : groups) {
            if (!had.containsKey(group)) {
                wrong.add(why(group, parameters, tied));
            }
        }
        if (!wrong.isEmpty()) {
            throw new InputException("parameter_groups: " + String.join("; ", wrong));
        }
    }

    private String why(ParameterGroup group, Collection<String> parameters, Map<String, String> tied) {
        String start = "expected parameters for \"" + group.parameters() + "\", found none";
        List<String> taken = parameters.stream().filter(group::matches).toList();
        if (!taken.isEmpty()) {
            return start + " that an earlier group does not have: \""
                    + of(taken.get(0)).parameters() + "\" has " + taken.get(0)
                    + "; put the narrower group first";
        }
        List<String> others = tied.keySet().stream().filter(group::matches).toList();
        if (!others.isEmpty()) {
            return start + ": " + others.get(0) + " is tied to " + Objects.requireNonNull(tied.get(others.get(0)))
                    + ", which is the name to give";
        }
        String plain = group.parameters().replace("*", "");
        return start + Nearest.hint(plain, parameters);
    }
}

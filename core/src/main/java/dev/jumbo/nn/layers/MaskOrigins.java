package dev.jumbo.nn.layers;

import dev.jumbo.nn.Masks;
import dev.jumbo.nn.layers.Graph.Node;
import dev.jumbo.tensor.ShapeException;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whose padding a value of a {@link Graph} has: that of the input of varying length that it was made of. A second one, {@code NAME}, brings
 * {@code NAME_mask}; read by the first one's {@code mask}, its padding would count as steps wherever both are padded to the same length.
 */
final class MaskOrigins {
    private final boolean riding;
    private final boolean varies;
    private final Map<String, Set<String>> masks = new HashMap<>();

    /** @param given the graph's inputs with the names under which they are given */
    MaskOrigins(Specs in, Map<String, String> given) {
        riding = in.has(Masks.MASK);
        varies = riding && in.require(Masks.MASK).varies();
        given.forEach((name, from) -> {
            if (varies && in.require(from).varies() && !isMask(from)) {
                String own = from + "_" + Masks.MASK;
                masks.put(name, Set.of(in.has(own) ? own : Masks.MASK));
            }
        });
    }

    private static boolean isMask(String name) {
        return name.equals(Masks.MASK) || name.endsWith("_" + Masks.MASK);
    }

    /**
     * Which input rides along as which mask of a node: for the steps that it is given, and for those of the memory that it looks at. Where
     * lengths do not vary, a mask is for all.
     *
     * @throws ShapeException if the node reads one, and is made of inputs that have different ones
     */
    Map<String, String> of(Node node) {
        if (!riding || !varies) {
            return riding ? Map.of(Masks.MASK, Masks.MASK) : Map.of();
        }
        Map<String, String> found = new HashMap<>();
        put(found, node, Masks.MASK, node.inputs());
        String memory = node.sides().get(Masks.MEMORY);
        if (memory != null) {
            put(found, node, Masks.MEMORY_MASK, List.of(memory));
        }
        return found;
    }

    private void put(Map<String, String> into, Node node, String side, List<String> made) {
        Set<String> all = origins(made);
        if (all.size() == 1) {
            into.put(side, all.iterator().next());
        } else if (!all.isEmpty()
                && node.layer().sides().contains(side)
                && !node.sides().containsKey(side)) {
            throw new ShapeException(
                    side,
                    "values made of one input of varying length, or sides: {" + side
                            + ": NAME} to say whose padding counts",
                    "values made of several, with " + all);
        }
    }

    /** Remembers where what a node makes comes from, where it varies itself. */
    void record(Node node, Map<String, Spec> made) {
        Set<String> all = origins(node.inputs());
        boolean first = true;
        for (Map.Entry<String, Spec> each : made.entrySet()) {
            if (each.getValue().varies()) {
                masks.put(node.name() + "." + each.getKey(), all);
                if (first) {
                    masks.put(node.name(), all);
                }
            }
            first = false;
        }
    }

    private Set<String> origins(List<String> made) {
        Set<String> all = new LinkedHashSet<>();
        made.forEach(name -> all.addAll(masks.getOrDefault(name, Set.of())));
        return all;
    }
}

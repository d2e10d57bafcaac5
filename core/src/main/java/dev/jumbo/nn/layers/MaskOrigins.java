package dev.jumbo.nn.layers;

import dev.jumbo.nn.Masks;
import dev.jumbo.nn.layers.Graph.Node;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Whose padding a value of a {@link Graph} has: that of the input of varying length that it was made of. A second one, {@code NAME}, brings
 * {@code NAME_mask}; read by the first one's {@code mask}, its padding would count as steps wherever both are padded to the same length.
 */
final class MaskOrigins {
    private final boolean riding;
    private final Map<String, String> masks = new HashMap<>();

    /** @param given the graph's inputs with the names under which they are given */
    MaskOrigins(Specs in, Map<String, String> given) {
        riding = in.has(Masks.MASK);
        boolean varies = riding && in.require(Masks.MASK).varies();
        given.forEach((name, from) -> {
            if (varies && in.require(from).varies() && !isMask(from)) {
                String own = from + "_" + Masks.MASK;
                masks.put(name, in.has(own) ? own : Masks.MASK);
            }
        });
    }

    private static boolean isMask(String name) {
        return name.equals(Masks.MASK) || name.endsWith("_" + Masks.MASK);
    }

    /**
     * Which input rides along as which mask of a node: for the steps that it is given, and for those of the memory that it looks at. What is
     * made of several, such as embeddings of tokens and of their segments, has their steps side by side, and the first one's mask. Where no
     * length varies, a mask is for all.
     */
    Map<String, String> of(Node node) {
        if (masks.isEmpty()) {
            return riding ? Map.of(Masks.MASK, Masks.MASK) : Map.of();
        }
        Map<String, String> found = new HashMap<>();
        origin(node.inputs()).ifPresent(mask -> found.put(Masks.MASK, mask));
        Optional.ofNullable(node.sides().get(Masks.MEMORY))
                .flatMap(memory -> origin(List.of(memory)))
                .ifPresent(mask -> found.put(Masks.MEMORY_MASK, mask));
        return found;
    }

    /** Remembers where what a node makes comes from, where it varies itself. */
    void record(Node node, Map<String, Spec> made) {
        String mask = origin(node.inputs()).orElse(null);
        if (mask == null) {
            return;
        }
        boolean first = true;
        for (Map.Entry<String, Spec> each : made.entrySet()) {
            if (each.getValue().varies()) {
                masks.put(node.name() + "." + each.getKey(), mask);
                if (first) {
                    masks.put(node.name(), mask);
                }
            }
            first = false;
        }
    }

    private Optional<String> origin(List<String> made) {
        return made.stream().map(masks::get).filter(Objects::nonNull).findFirst();
    }
}

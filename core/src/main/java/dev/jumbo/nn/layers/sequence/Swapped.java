package dev.jumbo.nn.layers.sequence;

import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Layers in the place of a block's own, by the name of the part. */
public final class Swapped {
    private Swapped() {}

    /** @throws InputException if one has the name of no part */
    public static Map<String, Layer> checked(String kind, Map<String, Layer> swapped, List<String> parts) {
        for (String part : swapped.keySet()) {
            requirePart(kind, part, parts);
        }
        return Collections.unmodifiableMap(new LinkedHashMap<>(swapped));
    }

    private static void requirePart(String kind, String part, List<String> parts) {
        if (!parts.contains(part)) {
            throw new InputException(kind + ".swapped: expected names of " + parts + ", received \"" + part + "\"");
        }
    }

    public static Map<String, Layer> with(Map<String, Layer> swapped, String path, Layer other) {
        Map<String, Layer> more = new LinkedHashMap<>(swapped);
        more.put(path, other);
        return more;
    }

    /** With the block's own layer there again. */
    public static Map<String, Layer> without(Map<String, Layer> swapped, String path) {
        Map<String, Layer> fewer = new LinkedHashMap<>(swapped);
        fewer.remove(path);
        return fewer;
    }

    /** The side inputs of a block: its own layers' and those of layers in their place. */
    public static Set<String> sides(Map<String, Layer> swapped, Set<String> own) {
        Set<String> sides = new LinkedHashSet<>(own);
        swapped.values().forEach(layer -> sides.addAll(layer.sides()));
        return sides;
    }
}

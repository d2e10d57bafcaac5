package dev.jumbo.nn.adapt;

import dev.jumbo.config.Components;
import dev.jumbo.nn.Initializer;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Parts;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.nn.layers.basic.TiedEmbedding;
import dev.jumbo.nn.layers.sequence.GroupedQueryAttention;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What two networks compute differently with the same weights: layers of one path whose descriptions differ in something else than
 * how they are trained. Shapes are held against each other where weights are loaded, so that another number of units is none of these.
 */
public final class NetworkDifferences {
    /** What only training goes by, what names parameters, and what their shapes say: heads of one size have as many values. */
    private static final Set<String> PASSED_OVER = Set.of(
            "dropout",
            "activation_dropout",
            "rate",
            "momentum",
            "names",
            "layers",
            "nodes",
            "swapped",
            "kv_heads",
            "head_dim");

    private final List<Difference> found = new ArrayList<>();

    private NetworkDifferences() {}

    /**
     * One difference.
     *
     * @param paths of the layers that have it
     * @param key of their descriptions, or {@code layer} where these are of two kinds
     * @param base the base's value
     * @param configured the model's
     */
    public record Difference(List<String> paths, String key, String base, String configured) {
        @Override
        public String toString() {
            int more = paths.size() - 1;
            return key + " " + base + " of the base, " + configured + " configured (" + paths.get(0)
                    + (more == 0 ? "" : " and " + more + " more") + ")";
        }
    }

    /**
     * Those of the layers whose weights are loaded, and of the layers without weights before the last of them.
     *
     * @param base the network that the weights are of
     * @param model the network that they are loaded into, without adapters
     * @param loaded names of its parameters that are loaded, or tied to loaded ones
     * @param fresh names of those that are not
     */
    public static List<Difference> of(
            BaseNetwork base, BaseNetwork model, Collection<String> loaded, Collection<String> fresh) {
        NetworkDifferences all = new NetworkDifferences();
        Map<String, Layer> before = new LinkedHashMap<>();
        Parts.all(base.model(), base.in()).forEach(part -> before.put(part.path(), part.layer()));
        List<Layer.Part> parts = Parts.all(model.model(), model.in());
        Set<String> inside = paths(loaded);
        Set<String> drawn = paths(fresh);
        int last = -1;
        for (int i = 0; i < parts.size(); i++) {
            if (inside.contains(parts.get(i).path())) {
                last = i;
            }
        }
        all.compare("", base.model(), model.model());
        for (Layer.Part part : parts.subList(0, last + 1)) {
            Layer other = before.get(part.path());
            boolean isNew = drawn.contains(part.path()) && !inside.contains(part.path());
            if (other != null && !isNew) {
                all.compare(part.path(), other, part.layer());
            }
        }
        return all.found;
    }

    /** Of all layers that have one of these parameters in them. */
    private static Set<String> paths(Collection<String> names) {
        Set<String> paths = new HashSet<>();
        for (String name : names) {
            for (int at = name.indexOf('.'); at >= 0; at = name.indexOf('.', at + 1)) {
                paths.add(name.substring(0, at));
            }
        }
        return paths;
    }

    private void compare(String path, Layer base, Layer model) {
        if (base.equals(model)) {
            return;
        }
        if (base.getClass() != model.getClass()) {
            if (!(base.divides() && model.divides())) {
                add(
                        path,
                        "layer",
                        shown(base.getClass().getSimpleName()),
                        shown(model.getClass().getSimpleName()));
            }
            return;
        }
        if (!(base instanceof Record first) || !(model instanceof Record second)) {
            return;
        }
        Map<String, @Nullable Object> others = Components.of(second).byKey();
        Components.of(first).byKey().forEach((key, value) -> {
            Object other = others.get(key);
            if (!Objects.equals(value, other) && !isPassedOver(base, model, key, value)) {
                add(path, key, shown(value), shown(other));
            }
        });
    }

    private static boolean isPassedOver(Layer base, Layer model, String key, @Nullable Object value) {
        return PASSED_OVER.contains(key)
                || value instanceof Initializer
                || value instanceof Layer // A part, with a path of its own.
                || key.equals("padding_idx") && (base instanceof Embedding || base instanceof TiedEmbedding)
                || key.equals("epsilon") && hasNoNorm(base) && hasNoNorm(model);
    }

    private static boolean hasNoNorm(Layer layer) {
        return layer instanceof GroupedQueryAttention attention && !attention.qkNorm();
    }

    private void add(String path, String key, String base, String configured) {
        String where = path.isEmpty() ? "the model" : path;
        for (Difference each : found) {
            if (each.key().equals(key)
                    && each.base().equals(base)
                    && each.configured().equals(configured)) {
                each.paths().add(where);
                return;
            }
        }
        found.add(new Difference(new ArrayList<>(List.of(where)), key, base, configured));
    }

    private static String shown(@Nullable Object value) {
        return value instanceof Enum<?> constant ? constant.name().toLowerCase(Locale.ROOT) : String.valueOf(value);
    }
}

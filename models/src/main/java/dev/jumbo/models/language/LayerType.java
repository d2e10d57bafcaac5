package dev.jumbo.models.language;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a block sees, as {@code layer_types} says it. */
public enum LayerType {
    /** All steps before it. */
    FULL_ATTENTION,
    /** Those of its window. */
    SLIDING_ATTENTION;

    /** The blocks of Qwen's form: from one on they have a window, where types do not say which. */
    static List<Decoder.Each> blocks(
            int layers, @Nullable List<LayerType> types, @Nullable Integer window, int first, String kind) {
        requireOneEach(layers, types, kind + ".layer_types");
        List<Decoder.Each> blocks = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            boolean slides = types == null ? i >= first : types.get(i) == SLIDING_ATTENTION;
            blocks.add(new Decoder.Each(slides ? window : null, true));
        }
        return blocks;
    }

    /** @throws InputException unless there is nothing, or something for every block */
    static void requireOneEach(int layers, @Nullable List<?> each, String key) {
        if (each != null && each.size() < layers) {
            throw new InputException(
                    key + ": expected a value for each of " + layers + " blocks, received " + each.size());
        }
    }

    /** The keys that say what each block of a decoder sees: those of all families. */
    static void write(Decoder decoder, ObjectNode keys) {
        List<Integer> windows = decoder.layers().stream()
                .map(Decoder.Each::window)
                .filter(Objects::nonNull)
                .toList();
        keys.put("use_sliding_window", !windows.isEmpty());
        keys.put("sliding_window", windows.isEmpty() ? null : windows.get(0));
        ArrayNode types = keys.putArray("layer_types");
        ArrayNode turned = keys.putArray("no_rope_layers");
        for (Decoder.Each each : decoder.layers()) {
            types.add((each.window() == null ? FULL_ATTENTION : SLIDING_ATTENTION)
                    .name()
                    .toLowerCase(Locale.ROOT));
            turned.add(each.rope() ? 1 : 0);
        }
        keys.put("max_window_layers", (int) decoder.layers().stream()
                .takeWhile(each -> each.window() == null)
                .count());
    }
}

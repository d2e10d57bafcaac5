package dev.jumbo.models.language;

import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.List;
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

    static boolean windowed(Decoder decoder) {
        return window(decoder) != null;
    }

    /** The window of the blocks that have one. */
    static @Nullable Integer window(Decoder decoder) {
        return decoder.layers().stream()
                .map(Decoder.Each::window)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** The first block that has a window; their number if none has. */
    static int first(Decoder decoder) {
        int first = of(decoder).indexOf(SLIDING_ATTENTION);
        return first < 0 ? decoder.layers().size() : first;
    }

    static List<LayerType> of(Decoder decoder) {
        return decoder.layers().stream()
                .map(each -> each.window() == null ? FULL_ATTENTION : SLIDING_ATTENTION)
                .toList();
    }
}

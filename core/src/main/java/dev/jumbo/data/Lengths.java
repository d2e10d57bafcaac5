package dev.jumbo.data;

import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How long the examples of a dataset are. */
public final class Lengths {
    private Lengths() {}

    /** The most steps that a ragged field may have. */
    static int most(Dataset dataset) {
        return Stream.concat(dataset.inputs().stream(), dataset.targets().stream())
                .filter(Field::isRagged)
                .mapToInt(field -> Math.toIntExact(field.shape().size(0)))
                .max()
                .orElse(1);
    }

    /** Steps of each example's longest ragged field, 1 or more; null where no input is ragged. */
    public static int @Nullable [] of(Dataset dataset) {
        if (dataset.inputs().stream().noneMatch(Field::isRagged)) {
            return null;
        }
        int inputs = dataset.inputs().size();
        int fields = inputs + dataset.targets().size();
        int[] lengths = new int[dataset.size()];
        Arrays.fill(lengths, 1);
        for (int f = 0; f < fields; f++) {
            Field field =
                    f < inputs ? dataset.inputs().get(f) : dataset.targets().get(f - inputs);
            for (int i = 0; field.isRagged() && i < lengths.length; i++) {
                lengths[i] = Math.max(lengths[i], dataset.length(i, f));
            }
        }
        return lengths;
    }
}

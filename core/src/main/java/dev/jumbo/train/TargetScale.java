package dev.jumbo.train;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Moments;
import dev.jumbo.data.Row;
import dev.jumbo.tensor.DType;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Whether numbers to learn are so far from what a network starts with, values near 0 that differ by about 1, that most of a
 * training goes into their first digit: house prices, temperatures in kelvin, shares of a millionth. The mean or the deviation
 * of a value in the training split is above 10, or no value that varies has a deviation of 0.1.
 */
final class TargetScale {
    /** Examples that are looked at, from all of the split: reading one may be to decode a picture. */
    private static final int LOOKED_AT = 1024;

    private static final double LARGE = 10;
    private static final double SMALL = 0.1;

    private TargetScale() {}

    /** Whether any target of plain numbers is; false where it does not matter, as scaling was chosen. */
    static boolean isFar(TrainConfig config, Dataset train) {
        if (config.targetScaling() != null || train.size() == 0) {
            return false;
        }
        for (int i = 0; i < train.targets().size(); i++) {
            Field field = train.targets().get(i);
            if (Task.target(field).isNumbers() && field.dtype() == DType.FLOAT32 && isFar(moments(train, i))) {
                return true;
            }
        }
        return false;
    }

    private static Moments[] moments(Dataset train, int target) {
        Field field = train.targets().get(target);
        int index = train.inputs().size() + target;
        Moments[] moments = Stream.generate(Moments::new)
                .limit(field.shape().rank() == 1 && !field.isRagged() ? field.elements() : 1)
                .toArray(Moments[]::new);
        Row row = Row.single(train);
        int looked = Math.min(LOOKED_AT, train.size());
        for (int i = 0; i < looked; i++) {
            int example = (int) ((long) i * train.size() / looked);
            train.read(example, row);
            float[] values = row.floats(index);
            int held = field.isRagged() ? train.length(example, index) * field.unit() : values.length;
            for (int v = 0; v < held; v++) {
                moments[moments.length == 1 ? 0 : v].add(values[v]);
            }
        }
        return moments;
    }

    private static boolean isFar(Moments[] moments) {
        boolean large = Arrays.stream(moments).anyMatch(m -> Math.abs(m.mean()) > LARGE || m.deviation() > LARGE);
        boolean varies = Arrays.stream(moments).anyMatch(m -> m.deviation() > 0);
        return large || (varies && Arrays.stream(moments).allMatch(m -> m.deviation() < SMALL));
    }
}

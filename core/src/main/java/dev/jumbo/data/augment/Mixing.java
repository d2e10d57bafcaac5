package dev.jumbo.data.augment;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import java.util.List;
import java.util.SplittableRandom;

/** What mixup and CutMix have in common: partners, and targets weighted by share. */
final class Mixing {
    private Mixing() {}

    /** @throws InputException if examples are of different lengths, or count differently: a mix of two has neither */
    static void requireAlike(String what, Batch batch) {
        if (batch.targets().stream().anyMatch(target -> target.field().meaning() instanceof Meaning.Boxes)) {
            throw new InputException(
                    what + ": expected targets that can be mixed, received boxes; leave " + what + " out");
        }
        if (!batch.sides().isEmpty() || batch.weights() != null) {
            throw new InputException(what + ": expected examples of one length and without weights, received "
                    + (batch.sides().isEmpty() ? "weighted ones" : "ragged ones") + "; leave " + what + " out");
        }
    }

    /** A random permutation: example i is mixed with example {@code partners[i]}. */
    static int[] partners(int size, SplittableRandom random) {
        int[] partners = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            partners[i] = partners[j];
            partners[j] = i;
        }
        return partners;
    }

    /** {@code share * own + (1 - share) * partner's} for each example of a FLOAT32 column. */
    static Column blend(String what, Column column, int size, int[] partners, float share) {
        if (column.field().dtype() != DType.FLOAT32) {
            throw new InputException(what + ": expected FLOAT32 values to mix, received ids in the field \""
                    + column.field().name() + "\"; leave " + what + " out");
        }
        int elements = column.field().elements();
        float[] from = column.floats();
        Column mixed = Column.of(column.field(), column.rows());
        float[] out = mixed.floats();
        for (int i = 0; i < size; i++) {
            int own = i * elements;
            int other = partners[i] * elements;
            for (int k = 0; k < elements; k++) {
                out[own + k] = share * from[own + k] + (1 - share) * from[other + k];
            }
        }
        return mixed;
    }

    static List<Column> blendTargets(String what, List<Column> targets, int size, int[] partners, float share) {
        return targets.stream()
                .map(target -> blend(what, probabilities(target, size), size, partners, share))
                .toList();
    }

    /** Class ids as probabilities of classes, 1 for the class and 0 for the others; other columns as they are. */
    static Column probabilities(Column target, int size) {
        Field field = target.field();
        int classes = field.classes().size();
        if (field.dtype() != DType.INT64 || field.shape().rank() != 0 || classes == 0) {
            return target;
        }
        Column out =
                Column.of(new Field(field.name(), Shape.of(classes), DType.FLOAT32, field.classes()), target.rows());
        for (int i = 0; i < size; i++) {
            long id = target.longs()[i];
            if (id < 0 || id >= classes) {
                throw new InputException("expected a class id from 0 to " + (classes - 1) + " in " + field.name()
                        + " to mix, received " + id);
            }
            out.floats()[i * classes + (int) id] = 1;
        }
        return out;
    }
}

package dev.jumbo.data.sets;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Lengths;
import dev.jumbo.data.Row;
import dev.jumbo.data.View;
import dev.jumbo.error.InputException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A dataset whose ragged fields have at most a number of steps: longer examples are refused, or lose their end. */
public final class Truncated extends View {
    private static final Logger LOG = LoggerFactory.getLogger(Truncated.class);

    private final int maxLength;

    private Truncated(Dataset dataset, int maxLength) {
        super(dataset);
        this.maxLength = maxLength;
    }

    /**
     * Looks at the length of every example.
     *
     * @param maxLength steps, 1 or more
     * @param truncate whether a longer example loses its end, which a warning counts
     * @throws InputException if an example is longer and {@code truncate} is false, with how many there are
     */
    public static Dataset of(Dataset dataset, int maxLength, boolean truncate) {
        if (maxLength < 1) {
            throw new InputException("max_length: expected 1 step or more, received " + maxLength);
        }
        int[] lengths = Lengths.of(dataset);
        if (lengths == null) {
            throw new InputException("max_length: expected ragged inputs, received " + dataset.inputs()
                    + ", which have one length; leave max_length out");
        }
        int longer = 0;
        int first = 0;
        long lost = 0;
        for (int i = lengths.length - 1; i >= 0; i--) {
            if (lengths[i] > maxLength) {
                longer++;
                first = i;
                lost += lengths[i] - maxLength;
            }
        }
        if (longer > 0 && !truncate) {
            throw new InputException("max_length: expected examples of at most " + maxLength + " steps, received "
                    + lengths[first] + " in example " + first + " (" + longer + " of " + lengths.length
                    + " are longer); raise max_length, or write truncate: true, which cuts their ends off");
        }
        if (longer > 0) {
            LOG.warn(
                    "truncate: {} of {} examples are longer than {} steps; {} steps are cut off their ends",
                    longer,
                    lengths.length,
                    maxLength,
                    lost);
        }
        return new Truncated(dataset, maxLength);
    }

    private Field shorten(Field field) {
        return field.isRagged()
                ? field.ragged((int) Math.min(maxLength, field.shape().size(0)))
                : field;
    }

    @Override
    public List<Field> inputs() {
        return behind().inputs().stream().map(this::shorten).toList();
    }

    @Override
    public List<Field> targets() {
        return behind().targets().stream().map(this::shorten).toList();
    }

    @Override
    public int length(int index, int field) {
        return Math.min(maxLength, behind().length(index, field));
    }

    @Override
    public void read(int index, Row into) {
        Row row = raw(index);
        for (int f = 0; f < row.fields(); f++) {
            Field field = row.column(f).field();
            int values = field.isRagged() ? length(index, f) * field.unit() : field.isBytes() ? 1 : field.elements();
            System.arraycopy(row.values(f), row.offset(f), into.values(f), into.offset(f), values);
        }
    }

    @Override
    public String fingerprint() {
        return behind().fingerprint() + "[at most " + maxLength + " steps]";
    }
}

package dev.jumbo.data.sets;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.ExampleStream;
import dev.jumbo.data.Field;
import dev.jumbo.data.Row;
import dev.jumbo.data.View;
import dev.jumbo.error.InputException;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/** A dataset with its inputs and targets in the order of another's: names say which is which, not places. */
public final class FieldOrder extends View {
    private final List<Field> inputs;
    private final List<Field> targets;
    /** Where each field stands in the dataset behind, inputs before targets. */
    private final int[] places;

    private FieldOrder(Dataset behind, List<Integer> inputs, List<Integer> targets) {
        super(behind);
        this.inputs = inputs.stream().map(behind.inputs()::get).toList();
        this.targets = targets.stream().map(behind.targets()::get).toList();
        places = new int[inputs.size() + targets.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = i < inputs.size() ? inputs.get(i) : inputs.size() + targets.get(i - inputs.size());
        }
    }

    /**
     * The dataset itself where nothing is to be moved, or where its names are others altogether: places decide then.
     *
     * @param inputs in the order that is wanted
     * @param targets in the order that is wanted
     * @throws InputException if some names are the same at other places and some are not, so that neither names nor places say
     *     which is which
     */
    public static Dataset of(Dataset data, List<Field> inputs, List<Field> targets) {
        List<Integer> ofInputs = places("inputs", names(data.inputs()), names(inputs));
        List<Integer> ofTargets = places("targets", names(data.targets()), names(targets));
        if (inOrder(ofInputs) && inOrder(ofTargets)) {
            return data;
        }
        if (data instanceof ExampleStream) {
            throw new InputException("expected a stream with the inputs " + names(inputs) + " and the targets "
                    + names(targets) + " in this order, received " + names(data.inputs()) + " and "
                    + names(data.targets()));
        }
        return new FieldOrder(data, ofInputs, ofTargets);
    }

    /**
     * The place of each wanted name among those that are there.
     *
     * @param what is ordered, for errors
     * @throws InputException as {@link #of}
     */
    public static List<Integer> places(String what, List<String> there, List<String> wanted) {
        List<Integer> same = IntStream.range(0, there.size()).boxed().toList();
        if (there.size() != wanted.size()) {
            return same;
        }
        if (new HashSet<>(there).equals(new HashSet<>(wanted))) {
            return wanted.stream().map(there::indexOf).toList();
        }
        for (int i = 0; i < wanted.size(); i++) {
            int at = there.indexOf(wanted.get(i));
            if (at >= 0 && at != i) {
                throw new InputException(what + ": expected " + wanted + ", received " + there
                        + ": they cannot be told apart by their names, as some differ, nor by their places, as \""
                        + wanted.get(i) + "\" stands at another; give all of them the same names");
            }
        }
        return same;
    }

    private static boolean inOrder(List<Integer> places) {
        for (int i = 0; i < places.size(); i++) {
            if (places.get(i) != i) {
                return false;
            }
        }
        return true;
    }

    private static List<String> names(List<Field> fields) {
        return fields.stream().map(Field::name).toList();
    }

    @Override
    public List<Field> inputs() {
        return inputs;
    }

    @Override
    public List<Field> targets() {
        return targets;
    }

    @Override
    public int length(int index, int field) {
        return behind().length(index, places[field]);
    }

    @Override
    public void read(int index, Row into) {
        Row row = raw(index);
        for (int f = 0; f < places.length; f++) {
            int from = places[f];
            Field field = row.column(from).field();
            int values = field.isRagged()
                    ? behind().length(index, from) * field.unit()
                    : field.isBytes() ? 1 : field.elements();
            System.arraycopy(row.values(from), row.offset(from), into.values(f), into.offset(f), values);
        }
    }

    @Override
    public String toString() {
        return behind() + " with its inputs as " + names(inputs) + " and its targets as " + names(targets);
    }
}

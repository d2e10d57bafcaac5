package dev.jumbo.data.sets;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.Row;
import dev.jumbo.data.Transform;
import dev.jumbo.error.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Datasets one behind the other, with the same fields. */
public class Joined implements Dataset {
    private final List<Dataset> sets;
    private final List<Field> inputs;
    private final List<Field> targets;
    /** Where each begins, and where the last one ends. */
    private final int[] starts;

    protected Joined(List<? extends Dataset> sets) {
        if (sets.isEmpty()) {
            throw new InputException("expected one dataset or more, received none");
        }
        this.sets = List.copyOf(sets);
        inputs = SameFields.of(sets, false);
        targets = SameFields.of(sets, true);
        starts = new int[sets.size() + 1];
        for (int i = 0; i < sets.size(); i++) {
            long end = (long) starts[i] + sets.get(i).size();
            if (end > Integer.MAX_VALUE - 8) {
                throw new InputException("expected datasets of at most 2^31 - 9 examples together, received " + end);
            }
            starts[i + 1] = (int) end;
            if (!sets.get(i).preprocessing().equals(sets.get(0).preprocessing())) {
                throw new InputException("expected datasets that need the same preprocessing, received "
                        + sets.get(0).preprocessing() + " and "
                        + sets.get(i).preprocessing());
            }
            if (!sets.get(i).transforms().equals(sets.get(0).transforms())) {
                throw new InputException("expected datasets that need the same transforms, received "
                        + sets.get(0).transforms() + " and " + sets.get(i).transforms());
            }
            SameFields.requireSameMaking(sets.get(0), sets.get(i));
        }
    }

    /** @throws InputException if the datasets have different fields, naming the first that differs */
    public static Joined inOrder(List<? extends Dataset> sets) {
        return new Joined(sets);
    }

    /** The datasets. */
    public final List<Dataset> sets() {
        return sets;
    }

    /** Which dataset an example is of. */
    final int set(int index) {
        int found = Arrays.binarySearch(starts, index);
        int set = found >= 0 ? found : -found - 2;
        while (starts[set + 1] == index) {
            set++; // An empty one.
        }
        return set;
    }

    /** The first example of a dataset. */
    final int start(int set) {
        return starts[set];
    }

    @Override
    public int size() {
        return starts[starts.length - 1];
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
    public void read(int index, Row into) {
        int set = set(index);
        sets.get(set).read(index - starts[set], into);
    }

    @Override
    public int length(int index, int field) {
        int set = set(index);
        return sets.get(set).length(index - starts[set], field);
    }

    @Override
    public double weight(int index) {
        int set = set(index);
        return sets.get(set).weight(index - starts[set]);
    }

    @Override
    public boolean isWeighted() {
        return sets.stream().anyMatch(Dataset::isWeighted);
    }

    @Override
    public long classId(int index) {
        int set = set(index);
        return sets.get(set).classId(index - starts[set]);
    }

    @Override
    public String place(int index, List<String> inputs) {
        int set = set(index);
        return sets.get(set).place(index - starts[set], inputs);
    }

    @Override
    public boolean mayBeSorted() {
        return sets.size() > 1 || sets.get(0).mayBeSorted();
    }

    @Override
    public Map<String, Transform> madeBy() {
        return SameFields.madeBy(sets);
    }

    @Override
    public Preprocessing preprocessing() {
        return sets.get(0).preprocessing();
    }

    @Override
    public Map<String, Transform> transforms() {
        return sets.get(0).transforms();
    }

    @Override
    public String fingerprint() {
        return sets.stream().map(Dataset::fingerprint).collect(Collectors.joining(" + ", "[", "]"));
    }
}

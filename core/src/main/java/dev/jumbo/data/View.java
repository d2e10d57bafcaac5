package dev.jumbo.data;

import java.util.List;
import java.util.Map;

/** A dataset that another one stands behind, example by example. What it does not change is the other's. */
public abstract class View implements Dataset {
    private final Dataset behind;
    private final ThreadLocal<Row> scratch;

    protected View(Dataset behind) {
        this.behind = behind;
        scratch = ThreadLocal.withInitial(() -> Row.single(behind));
    }

    /** The dataset behind. */
    protected final Dataset behind() {
        return behind;
    }

    /** An example of the dataset behind, in a row of this thread that the next call fills again. */
    protected final Row raw(int index) {
        Row row = scratch.get();
        behind.read(index, row);
        return row;
    }

    @Override
    public int size() {
        return behind.size();
    }

    @Override
    public List<Field> inputs() {
        return behind.inputs();
    }

    @Override
    public List<Field> targets() {
        return behind.targets();
    }

    @Override
    public void read(int index, Row into) {
        behind.read(index, into);
    }

    @Override
    public int length(int index, int field) {
        return behind.length(index, field);
    }

    @Override
    public double weight(int index) {
        return behind.weight(index);
    }

    @Override
    public long sourceRow(int index) {
        return behind.sourceRow(index);
    }

    @Override
    public String place(int index, List<String> inputs) {
        return behind.place(index, inputs);
    }

    @Override
    public boolean isWeighted() {
        return behind.isWeighted();
    }

    @Override
    public Sampler sampler() {
        return behind.sampler();
    }

    @Override
    public boolean mayBeSorted() {
        return behind.mayBeSorted();
    }

    @Override
    public Map<String, Transform> transforms() {
        return behind.transforms();
    }

    @Override
    public Map<String, Transform> madeBy() {
        return behind.madeBy();
    }

    @Override
    public Preprocessing preprocessing() {
        return behind.preprocessing();
    }

    @Override
    public String fingerprint() {
        return behind.fingerprint();
    }
}

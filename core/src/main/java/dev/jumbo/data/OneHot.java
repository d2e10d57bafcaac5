package dev.jumbo.data;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import java.util.List;
import java.util.Map;

/**
 * A dataset whose first target, a class id, is seen as FLOAT32 {@code [classes]}: 1 at the class, 0 elsewhere. Other
 * targets are left out.
 */
public final class OneHot implements Dataset {
    private final Dataset dataset;
    private final Field target;
    private final ThreadLocal<Row> scratch;

    private OneHot(Dataset dataset, Field id) {
        this.dataset = dataset;
        target = new Field(id.name(), Shape.of(id.classes().size()), DType.FLOAT32, id.classes());
        scratch = ThreadLocal.withInitial(() -> Row.single(dataset));
    }

    /** @throws InputException if the first target is not one class id with named classes */
    public static OneHot of(Dataset dataset) {
        List<Field> targets = dataset.targets();
        if (targets.isEmpty()
                || targets.get(0).dtype() != DType.INT64
                || targets.get(0).elements() != 1
                || targets.get(0).classes().isEmpty()) {
            throw new InputException(
                    "expected one class id with named classes as the first target, received " + targets);
        }
        return new OneHot(dataset, targets.get(0));
    }

    @Override
    public int size() {
        return dataset.size();
    }

    @Override
    public List<Field> inputs() {
        return dataset.inputs();
    }

    @Override
    public List<Field> targets() {
        return List.of(target);
    }

    @Override
    public long sourceRow(int index) {
        return dataset.sourceRow(index);
    }

    @Override
    public String place(int index, List<String> inputs) {
        return dataset.place(index, inputs);
    }

    @Override
    public boolean mayBeSorted() {
        return dataset.mayBeSorted();
    }

    @Override
    public Map<String, Transform> transforms() {
        return dataset.transforms();
    }

    @Override
    public Map<String, Transform> madeBy() {
        return dataset.madeBy();
    }

    @Override
    public Preprocessing preprocessing() {
        return dataset.preprocessing();
    }

    @Override
    public double weight(int index) {
        return dataset.weight(index);
    }

    @Override
    public boolean isWeighted() {
        return dataset.isWeighted();
    }

    @Override
    public Sampler sampler() {
        return dataset.sampler();
    }

    @Override
    public void read(int index, Row into) {
        Row row = scratch.get();
        dataset.read(index, row);
        int inputs = dataset.inputs().size();
        for (int f = 0; f < inputs; f++) {
            Field field = dataset.inputs().get(f);
            System.arraycopy(row.values(f), row.offset(f), into.values(f), into.offset(f), field.elements());
        }
        long id = row.longs(inputs)[0];
        int classes = target.elements();
        if (id < 0 || id >= classes) {
            throw new InputException("expected a class id from 0 to " + (classes - 1) + " in " + target.name()
                    + ", received " + id + " at example " + index);
        }
        for (int c = 0; c < classes; c++) {
            into.floats(inputs)[into.offset(inputs) + c] = c == id ? 1 : 0;
        }
    }

    @Override
    public String fingerprint() {
        return dataset.fingerprint();
    }
}

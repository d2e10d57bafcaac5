package dev.jumbo.data.split;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.Row;
import dev.jumbo.data.Sampler;
import dev.jumbo.data.Transform;
import dev.jumbo.error.InputException;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** Some examples of a dataset, in an order of their own; nothing is copied. */
public final class Subset implements Dataset {
    private final Dataset dataset;
    private final int[] indices;

    private Subset(Dataset dataset, int[] indices) {
        this.dataset = dataset;
        this.indices = indices;
    }

    /**
     * A view of the examples with these indices.
     *
     * @throws InputException if an index is not one of the dataset's
     */
    public static Subset of(Dataset dataset, int... indices) {
        for (int index : indices) {
            if (index < 0 || index >= dataset.size()) {
                throw new InputException("expected indices from 0 to " + (dataset.size() - 1) + ", received " + index);
            }
        }
        return new Subset(dataset, indices.clone());
    }

    /** The dataset behind. */
    Dataset dataset() {
        return dataset;
    }

    /** The indices in the dataset behind, in the order of this view. */
    public int[] indices() {
        return indices.clone();
    }

    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public List<Field> inputs() {
        return dataset.inputs();
    }

    @Override
    public List<Field> targets() {
        return dataset.targets();
    }

    @Override
    public void read(int index, Row into) {
        dataset.read(indices[index], into);
    }

    @Override
    public int length(int index, int field) {
        return dataset.length(indices[index], field);
    }

    @Override
    public double weight(int index) {
        return dataset.weight(indices[index]);
    }

    @Override
    public boolean isWeighted() {
        return dataset.isWeighted();
    }

    @Override
    public Sampler sampler() {
        return dataset.sampler().among(indices);
    }

    @Override
    public long classId(int index) {
        return dataset.classId(indices[index]);
    }

    @Override
    public long sourceRow(int index) {
        return dataset.sourceRow(indices[index]);
    }

    @Override
    public String place(int index, List<String> inputs) {
        return dataset.place(indices[index], inputs);
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

    /** That of the dataset behind, and a checksum of the indices. */
    @Override
    public String fingerprint() {
        CRC32 crc = new CRC32();
        for (int index : indices) {
            for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
                crc.update(index >>> shift);
            }
        }
        return String.format("%s[%d examples, indices %08x]", dataset.fingerprint(), indices.length, crc.getValue());
    }
}

package dev.jumbo.data;

import java.util.List;

/** Examples that can be read in any order, by several threads at once. */
public interface Dataset {
    /** Number of examples. */
    int size();

    List<Field> inputs();

    List<Field> targets();

    /**
     * Writes the raw values of an example: all inputs, then all targets, in the order of the fields. Images are
     * {@code [C, H, W]} with values 0 to 255.
     *
     * @param index 0 to size - 1
     */
    void read(int index, Row into);

    /**
     * The class of an example, where the first target is one class id.
     *
     * @param index 0 to size - 1
     */
    default long classId(int index) {
        Row row = Row.single(this);
        read(index, row);
        return row.longs(inputs().size())[0];
    }

    /** Whether examples of one kind may stand together, as those of folders and tables do: then its last part is no sample. */
    default boolean mayBeSorted() {
        return false;
    }

    /** What this data needs before a network sees it, unless another preprocessing is chosen: by default nothing. */
    default Preprocessing preprocessing() {
        return Preprocessing.none(inputs().get(0).elements());
    }

    /** SHA-256 over the content, in hexadecimal, or a text that names the source where hashing would cost too much. */
    String fingerprint();
}

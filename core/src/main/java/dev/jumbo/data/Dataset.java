package dev.jumbo.data;

import java.util.List;
import java.util.Map;

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
     * Steps of a ragged field's values in an example: its first size. Asked for fields that are ragged only.
     *
     * @param index 0 to size - 1
     * @param field as in a {@link Row}: inputs first, then targets
     */
    default int length(int index, int field) {
        throw new IllegalStateException("a dataset with ragged fields says how long they are");
    }

    /** What an example counts beside others in the loss and in what is measured, 0 or more: 1, unless weights were given. */
    default double weight(int index) {
        return 1;
    }

    /** Whether examples have weights of their own. */
    default boolean isWeighted() {
        return false;
    }

    /** In what order an epoch runs through the examples: each once, unless the dataset says otherwise. */
    default Sampler sampler() {
        return Sampler.once(size());
    }

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

    /** The number of an example's row in the file that it comes from, where it is a row; otherwise its index. */
    default long sourceRow(int index) {
        return index;
    }

    /**
     * Where an example comes from, for messages about it: its row, and the table and the files where it has some.
     *
     * @param inputs names of the raw inputs that the message is about
     */
    default String place(int index, List<String> inputs) {
        return "row " + sourceRow(index);
    }

    /** Whether examples of one kind may stand together, as those of folders and tables do: then its last part is no sample. */
    default boolean mayBeSorted() {
        return false;
    }

    /** What this data needs before a network sees it, unless another preprocessing is chosen: by default nothing. */
    default Preprocessing preprocessing() {
        return Preprocessing.none(inputs().get(0).unit());
    }

    /** What is made of raw inputs before anything else, by the input's name, fitted or not: nothing by default. */
    default Map<String, Transform> transforms() {
        return Map.of();
    }

    /**
     * What its examples were made by already of raw values that are not seen any more, by name, such as the tokenizer of packed texts: a
     * checkpoint takes it and its files along. Nothing by default.
     */
    default Map<String, Transform> madeBy() {
        return Map.of();
    }

    /** SHA-256 over the content, in hexadecimal, or a text that names the source where hashing would cost too much. */
    String fingerprint();
}

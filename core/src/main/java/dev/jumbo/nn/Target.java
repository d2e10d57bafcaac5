package dev.jumbo.nn;

import dev.jumbo.tensor.Shape;
import java.util.List;

/**
 * What a model learns, as a {@link Loss} sees it: the field of the data that its output is compared with.
 *
 * @param name of the field, for messages
 * @param shape of one example, without the batch
 * @param ids whether it holds ids of classes or tokens (INT64); if not, numbers or probabilities (FLOAT32)
 * @param classes the names of the classes; empty where there are none
 */
public record Target(String name, Shape shape, boolean ids, List<String> classes) {
    public Target {
        classes = List.copyOf(classes);
    }

    /** What it holds, for messages: {@code price holds numbers}. */
    public String described() {
        String held = ids
                ? classes.isEmpty() ? "class ids" : classes.size() + " classes"
                : classes.isEmpty() ? "numbers" : "probabilities of " + classes.size() + " classes";
        return name + " holds " + held + (shape.rank() == 0 ? "" : " " + shape);
    }

    /** Whether its values are plain numbers, with no names of classes. */
    public boolean isNumbers() {
        return !ids && classes.isEmpty();
    }

    /** How a user makes classes of numbers, for messages. */
    public String asClasses() {
        return "if its values stand for classes, say so (a table: columns: {" + name
                + ": category}; in a file of arrays: " + name
                + ".astype(\"int64\"); in Java: Field.classId)";
    }
}

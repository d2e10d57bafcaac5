package dev.jumbo.data;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One input or target of an example.
 *
 * @param name as in {@code image}, {@code label}
 * @param shape of one example, without the batch; {@code []} for a class id
 * @param dtype FLOAT32, INT64, or FLOAT64 for raw numbers that FLOAT32 would round, such as times and prices: they are scaled
 *     in double and reach the network as FLOAT32
 * @param classes the names of classes where the values are class ids (INT64) or probabilities of classes (FLOAT32
 *     {@code [classes]}); empty otherwise
 */
public record Field(String name, Shape shape, DType dtype, List<String> classes) {
    public Field {
        if (dtype != DType.FLOAT32 && dtype != DType.FLOAT64 && dtype != DType.INT64) {
            throw new IllegalArgumentException(
                    "expected FLOAT32, FLOAT64 or INT64 for the field " + name + ", received " + dtype);
        }
        classes = List.copyOf(classes);
    }

    /** Numbers. */
    public static Field floats(String name, Shape shape) {
        return new Field(name, shape, DType.FLOAT32, List.of());
    }

    /** Raw numbers in double precision. */
    public static Field doubles(String name, Shape shape) {
        return new Field(name, shape, DType.FLOAT64, List.of());
    }

    /** Ids, such as tokens. */
    public static Field ids(String name, Shape shape) {
        return new Field(name, shape, DType.INT64, List.of());
    }

    /** One class id. */
    public static Field classId(String name, List<String> classes) {
        return new Field(name, Shape.of(), DType.INT64, classes);
    }

    /**
     * Whether a class id means the same in two datasets, as in those for training and for testing.
     *
     * @throws InputException if there are other classes, or the same in another order
     */
    public static void requireSameClasses(List<Field> expected, List<Field> received) {
        if (!classes(expected).equals(classes(received))) {
            throw new InputException("expected targets with the classes " + classes(expected) + ", received "
                    + classes(received) + "; the data must have the classes of the training data, in their order");
        }
    }

    private static List<List<String>> classes(List<Field> fields) {
        return fields.stream().map(Field::classes).toList();
    }

    /** This field as the network takes it: FLOAT64 as FLOAT32, others as they are. */
    public Field narrow() {
        return dtype == DType.FLOAT64 ? new Field(name, shape, DType.FLOAT32, classes) : this;
    }

    /** What the network is given of this field: numbers as FLOAT32. */
    public Spec spec() {
        return Spec.of(shape, narrow().dtype());
    }

    /** What the network is given of some fields, under their names. @throws InputException if two have the same name */
    public static Specs specs(List<Field> fields) {
        Map<String, Spec> byName = new LinkedHashMap<>();
        for (Field field : fields) {
            if (byName.put(field.name(), field.spec()) != null) {
                throw new InputException("expected inputs with names of their own, received two named \"" + field.name()
                        + "\"; rename one");
            }
        }
        return Specs.of(byName);
    }

    /** Values of one example. */
    public int elements() {
        return Math.toIntExact(shape.elements());
    }
}

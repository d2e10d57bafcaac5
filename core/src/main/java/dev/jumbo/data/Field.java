package dev.jumbo.data;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Scalar;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One input or target of an example.
 *
 * @param name as in {@code image}, {@code label}
 * @param spec shape of one example, without the batch ({@code []} for a class id), type, and whether its first size is another
 *     in each example. Types: FLOAT32, INT64, FLOAT64 for raw numbers that FLOAT32 would round, such as times and prices (they
 *     are scaled in double and reach the network as FLOAT32), UINT8 for bytes and texts, which a transform reads, BOOL for masks
 * @param meaning what the values stand for
 */
public record Field(
        @Doc("As in image, label.") String name,
        @Doc("Shape and type of one example.") Spec spec,
        @Doc("What the values stand for.") Meaning meaning) {
    private static final List<DType> TYPES =
            List.of(DType.FLOAT32, DType.FLOAT64, DType.INT64, DType.UINT8, DType.BOOL);

    /** @throws IllegalArgumentException if the type is none of data, or another size than the first varies */
    public Field {
        if (!TYPES.contains(spec.dtype())) {
            throw new IllegalArgumentException(
                    "expected one of " + TYPES + " for the field " + name + ", received " + spec.dtype());
        }
        if (spec.varies() && !spec.varying().equals(List.of(0))) {
            throw new IllegalArgumentException(
                    "expected the first size of " + name + " to vary or none, received " + spec.varying());
        }
    }

    /** A field of one size. @param classes the names of classes, for ids (INT64) or probabilities (FLOAT32); empty otherwise */
    public Field(String name, Shape shape, DType dtype, List<String> classes) {
        this(name, Spec.of(shape, dtype), meaning(dtype, classes));
    }

    private static Meaning meaning(DType dtype, List<String> classes) {
        return switch (dtype) {
            case INT64 -> new Meaning.ClassId(classes);
            case UINT8 -> new Meaning.Bytes();
            case BOOL -> new Meaning.Mask();
            default -> classes.isEmpty() ? new Meaning.Numbers() : new Meaning.Classes(classes);
        };
    }

    /** As files had it that knew no meanings. */
    record Plain(
            String name,
            Shape shape,
            DType dtype,
            @Default("[]") List<String> classes) {}

    @Scalar
    static Field of(Plain plain) {
        return new Field(plain.name(), plain.shape(), plain.dtype(), plain.classes());
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

    /** A value from 0 to 1 for each class: several labels, or probabilities. */
    public static Field classes(String name, List<String> classes) {
        return new Field(name, Shape.of(classes.size()), DType.FLOAT32, classes);
    }

    /**
     * Ids of tokens, each example with a number of its own.
     *
     * @param vocabulary entries of the vocabulary; 0 where that is not known
     * @param padding the id that fills up short examples
     * @param longest the most tokens of an example
     */
    public static Field tokens(String name, long vocabulary, long padding, int longest) {
        return new Field(name, Spec.ids(longest).varying(0), new Meaning.Tokens(vocabulary, padding));
    }

    /**
     * A class for each step, as the next token is; each example has a number of steps of its own.
     *
     * @param longest the most steps of an example
     */
    public static Field classIds(String name, int longest) {
        return new Field(name, Spec.ids(longest).varying(0), new Meaning.ClassId(List.of()));
    }

    /** As {@link #classIds(String, int)}, with names. @param classes by id */
    public static Field classIds(String name, int longest, List<String> classes) {
        return new Field(name, Spec.ids(longest).varying(0), new Meaning.ClassId(classes));
    }

    /** Text in UTF-8. */
    public static Field text(String name) {
        return new Field(name, Spec.of(Shape.of(), DType.UINT8), new Meaning.Text());
    }

    /** Bytes of any length. @param meaning such as {@link Meaning.Image} for those of an image file */
    public static Field bytes(String name, Meaning meaning) {
        return new Field(name, Spec.of(Shape.of(), DType.UINT8), meaning);
    }

    /** This with another number of steps in each example. @param longest the most that one has */
    public Field ragged(int longest) {
        if (shape().rank() == 0) {
            throw new InputException(name + ": expected a dimension that may vary, received a single value");
        }
        return new Field(name, spec.with(shape().with(0, longest)).varying(0), meaning);
    }

    /** This with one number of steps, as the batch of some examples has it. */
    public Field padded(int steps) {
        return isRagged() ? new Field(name, spec.with(shape().with(0, steps)), meaning) : this;
    }

    /** Whether a model answers without it, see {@link Meaning.Place}. */
    public boolean isPlace() {
        return meaning instanceof Meaning.Place;
    }

    /** Whether the first size is another in each example. */
    public boolean isRagged() {
        return spec.varies();
    }

    /** Whether an example is bytes of any length, one value of {@link Column.Bytes}. */
    public boolean isBytes() {
        return dtype() == DType.UINT8 && shape().rank() == 0;
    }

    /** Of one example, without the batch; of a ragged field, the longest one's. */
    public Shape shape() {
        return spec.shape();
    }

    public DType dtype() {
        return spec.dtype();
    }

    /** The names of classes where the values are class ids or probabilities of classes; empty otherwise. */
    public List<String> classes() {
        return meaning.classes();
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
        return dtype() == DType.FLOAT64
                ? new Field(name, new Spec(shape(), DType.FLOAT32, spec.varying()), meaning)
                : this;
    }

    /**
     * What the network is given of some fields, under their names: numbers as FLOAT32, behind them the masks of ragged ones.
     *
     * @throws InputException if two have the same name
     */
    public static Specs specs(List<Field> fields) {
        List<Field> all = InputParts.fields(fields);
        all.addAll(masks(fields));
        Map<String, Spec> byName = new LinkedHashMap<>();
        for (Field field : all) {
            if (byName.put(field.name(), field.narrow().spec()) != null) {
                throw new InputException("expected inputs with names of their own, received two named \"" + field.name()
                        + "\"; rename one");
            }
        }
        return Specs.of(byName);
    }

    /** The masks of ragged inputs: {@value Batch#MASK} of the first one, {@code NAME_mask} of others. */
    static List<Field> masks(List<Field> inputs) {
        List<Field> masks = new ArrayList<>();
        for (Field field : inputs) {
            if (field.isRagged()) {
                String mask = masks.isEmpty() ? Batch.MASK : field.name() + "_" + Batch.MASK;
                Shape steps = field.shape().slice(0, 1);
                masks.add(new Field(mask, Spec.of(steps, DType.BOOL).varying(0), new Meaning.Mask()));
            }
        }
        return masks;
    }

    /** Whether a model of this input takes another one: of the same shape, where no size varies. */
    public boolean allows(Field other) {
        return spec.allows(other.shape()) && (isRagged() || !other.isRagged());
    }

    /** Values of one example; of a ragged field, of the longest one. */
    public int elements() {
        return Math.toIntExact(shape().elements());
    }

    /** Values that preprocessing sees at a time: those of an example, or of one step of a ragged field. */
    public int unit() {
        return isRagged() ? Math.toIntExact(shape().without(0).elements()) : elements();
    }

    /** As in {@code tokens [512*] INT64}. */
    @Override
    public String toString() {
        return name + " " + spec + (classes().isEmpty() ? "" : " " + classes());
    }
}

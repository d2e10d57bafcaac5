package dev.jumbo.data.source;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Column;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.EachInput;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.Normalization;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.View;
import dev.jumbo.data.arrays.ArrayFile;
import dev.jumbo.data.arrays.NamedArray;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Arrays of a file as examples: any number of inputs and targets by name, the examples along the first dimension of each. Whole
 * numbers of 16 bits or more are ids, all others numbers; bytes (uint8) of inputs are divided by 255. A target of one whole number of any size
 * or truth value an example is a class; classes without names have their numbers as names. Validation and test have the types of training:
 * float16 to float64 mean the same, and so do whole numbers where training has ids; another type is refused.
 */
@Kind("arrays")
@Doc(
        "Named arrays of .npz or .safetensors files: any number of inputs and targets, examples along the first dimension.")
public record ArraysSource(
        @Doc("The file of the training examples, seen from data.dir if that is set.")
        Path train,

        @Doc("Arrays that the model is given, in its order.")
        List<String> inputs,

        @Doc("Arrays that it learns to give, in its order.") List<String> targets,

        @Doc("The file of the validation examples, if there is one.") @Default("null") @Nullable
        Path validation,

        @Doc("The file of the test examples, if there is one.") @Default("null") @Nullable
        Path test,

        @Doc("Names of the classes of targets, in the order of their ids; 0, 1, 2 ... if left out.") @Default("{}")
        Map<String, List<String>> classes)
        implements DataSource {
    private static final int MOST_CLASSES = 100_000;

    public ArraysSource {
        inputs = List.copyOf(inputs);
        targets = List.copyOf(targets);
        classes = Map.copyOf(classes);
        requireNames("inputs", inputs);
        requireNames("targets", targets);
        for (Map.Entry<String, List<String>> each : classes.entrySet()) {
            if (each.getValue().isEmpty()
                    || Set.copyOf(each.getValue()).size() < each.getValue().size()) {
                throw new InputException("arrays.classes: expected different names for " + each.getKey() + ", received "
                        + each.getValue());
            }
        }
        for (String name : classes.keySet()) {
            if (!targets.contains(name)) {
                throw new InputException("arrays.classes: expected names of targets " + targets + ", received " + name);
            }
        }
    }

    private static void requireNames(String key, List<String> names) {
        if (names.isEmpty() || Set.copyOf(names).size() < names.size()) {
            throw new InputException("arrays." + key + ": expected one name or more, each once, received "
                    + (names.isEmpty() ? "none" : names));
        }
    }

    @Override
    public DataParts load(@Nullable Path dir, Path out) {
        Part training = read(dir, train, Map.of(), null);
        Map<String, List<String>> known = new HashMap<>(classes);
        training.examples().targets().forEach(field -> known.putIfAbsent(field.name(), field.classes()));
        return DataParts.of(
                training.examples(),
                validation == null
                        ? null
                        : read(dir, validation, known, training).examples(),
                test == null ? null : read(dir, test, known, training).examples());
    }

    /** Examples of a file. @param arrays by name, as they were read */
    private record Part(Path file, Dataset examples, Map<String, NamedArray> arrays) {
        Shape shape(String name) {
            return Objects.requireNonNull(arrays.get(name)).example();
        }
    }

    /** @param like the training examples, whose shapes and types others have; null of themselves */
    private Part read(@Nullable Path dir, Path file, Map<String, List<String>> known, @Nullable Part like) {
        Path place = dir == null ? file : dir.resolve(file);
        try (ArrayFile arrays = ArrayFile.open(place)) {
            Map<String, NamedArray> all = readAll(place, arrays, like);
            if (like != null) {
                all.replaceAll((name, array) -> alike(place, name, array, like));
            }
            List<Column> given = new ArrayList<>();
            Set<Integer> bytes = new HashSet<>();
            for (String name : inputs) {
                NamedArray array = Objects.requireNonNull(all.get(name));
                if (array.stored() == Meaning.Stored.Type.UINT8) {
                    bytes.add(given.size());
                }
                given.add(input(place, name, array));
            }
            List<Column> wanted = new ArrayList<>();
            targets.forEach(name -> wanted.add(target(place, name, Objects.requireNonNull(all.get(name)), known)));
            Dataset examples = ArrayDataset.of(given, wanted);
            return new Part(place, bytes.isEmpty() ? examples : new Pixels(examples, bytes), all);
        }
    }

    /** Numbers of one type are scaled as those of another are not, and ids are no numbers: a part has what training has. */
    private NamedArray alike(Path file, String name, NamedArray array, Part training) {
        NamedArray first = Objects.requireNonNull(training.arrays().get(name));
        boolean ids = first.dtype() == DType.INT64;
        if (ids && array.stored() != Meaning.Stored.Type.FLOAT) {
            return array.whole();
        }
        if (first.stored() == array.stored()) {
            return array.as(first.dtype());
        }
        throw new InputException(file + " " + name + ": expected " + first.stored() + ", as training has in "
                + training.file() + ", received " + array.type()
                + (ids
                        ? "; save ids and classes as whole numbers in both, as in " + name + ".astype(\"int64\")"
                        : "; bytes (uint8) are divided by 255 and other numbers are not: save both in one type and on"
                                + " one scale, as in " + name + ".astype(\"float32\")"));
    }

    /** @throws InputException with all arrays that are missing, or of another shape than the first one's rows or training has */
    private Map<String, NamedArray> readAll(Path file, ArrayFile arrays, @Nullable Part like) {
        List<String> names = arrays.names();
        Map<String, NamedArray> all = new HashMap<>();
        List<String> missing = new ArrayList<>();
        List<String> misshapen = new ArrayList<>();
        long rows = -1;
        for (String name : Stream.concat(inputs.stream(), targets.stream()).toList()) {
            if (!names.contains(name)) {
                missing.add(name + Nearest.hint(name, names));
                continue;
            }
            NamedArray read = arrays.read(name);
            // What is predicted and one whole number in each example is a class: labels are often saved as bytes or
            // truth values.
            boolean label = targets.contains(name)
                    && !inputs.contains(name)
                    && read.shape().rank() == 1;
            NamedArray array = label ? read.whole() : read;
            all.put(name, array);
            rows = rows < 0 ? array.rows() : rows;
            Shape each = like != null ? like.shape(name) : array.shape().rank() == 0 ? Shape.of() : array.example();
            Shape expected = each.prepend(Math.max(0, rows));
            if (array.rows() > 0 && !array.shape().equals(expected)) {
                misshapen.add(name + " " + array.shape() + " instead of " + expected);
            }
        }
        if (missing.isEmpty() && misshapen.isEmpty()) {
            return all;
        }
        throw new InputException(file + ": expected the arrays " + inputs + " and " + targets
                + " with the examples along the first dimension; received "
                + (missing.isEmpty() ? "" : "missing: " + String.join(", ", missing))
                + (missing.isEmpty() || misshapen.isEmpty() ? "" : "; ")
                + (misshapen.isEmpty() ? "" : "of another shape: " + String.join(", ", misshapen)));
    }

    /** Bytes from 0 to 255, which a network sees from 0 to 1 unless another normalization is chosen, as those of pictures. */
    private static final class Pixels extends View {
        private final Set<Integer> bytes;

        /** @param bytes positions of the inputs that are some */
        Pixels(Dataset behind, Set<Integer> bytes) {
            super(behind);
            this.bytes = Set.copyOf(bytes);
        }

        @Override
        public Preprocessing preprocessing() {
            if (bytes.equals(Set.of(0))) {
                return Normalization.rescale(this);
            }
            return new EachInput(IntStream.range(0, inputs().size())
                    .mapToObj(i -> bytes.contains(i)
                            ? Normalization.rescale(this, i)
                            : Preprocessing.none(inputs().get(i).unit()))
                    .toList());
        }
    }

    private static Column input(Path file, String name, NamedArray array) {
        requireExamples(file, name, array);
        return column(
                array.dtype() == DType.INT64
                        ? Field.ids(name, array.example())
                        : new Field(name, Spec.of(array.example(), array.dtype()), new Meaning.Stored(array.stored())),
                array);
    }

    private Column target(Path file, String name, NamedArray array, Map<String, List<String>> known) {
        requireExamples(file, name, array);
        Shape example = array.example();
        List<String> names = classes.getOrDefault(name, known.getOrDefault(name, List.of()));
        if (array.dtype() != DType.INT64) {
            if (classes.containsKey(name) && example.rank() == 0) {
                throw new InputException(file + " " + name + ": expected ids of the classes " + names
                        + " as whole numbers, received " + array.type() + "; save them as " + name
                        + ".astype(\"int64\")");
            }
            float[] numbers = (float[]) array.as(DType.FLOAT32).values();
            return ArrayDataset.column(new Field(name, example, DType.FLOAT32, names), numbers);
        }
        long[] ids = (long[]) array.values();
        if (example.rank() > 0) {
            return ArrayDataset.column(new Field(name, example, DType.INT64, names), ids);
        }
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0) {
                throw new InputException(file + " " + name + ": expected class ids of 0 or more, received " + ids[i]
                        + " in example " + i);
            }
        }
        List<String> all = names.isEmpty() ? numbered(file, name, ids) : names;
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= all.size()) {
                throw new InputException(file + " " + name + ": expected class ids from 0 to " + (all.size() - 1)
                        + ", received " + ids[i] + " in example " + i);
            }
        }
        return ArrayDataset.column(Field.classId(name, all), ids);
    }

    private static List<String> numbered(Path file, String name, long[] ids) {
        long most = LongStream.of(ids).max().orElse(0);
        if (most >= MOST_CLASSES) {
            throw new InputException(file + " " + name + ": expected class ids from 0 to below " + MOST_CLASSES
                    + ", received " + most + "; save numbers to predict as float32");
        }
        return LongStream.rangeClosed(0, most).mapToObj(Long::toString).toList();
    }

    private static void requireFinite(Path file, String name, NamedArray array) {
        int values = (int) (array.shape().elements() / Math.max(1, array.rows()));
        int count = array.values() instanceof float[] floats ? floats.length : 0;
        count = array.values() instanceof double[] doubles ? doubles.length : count;
        for (int i = 0; i < count; i++) {
            double value = array.values() instanceof float[] floats ? floats[i] : ((double[]) array.values())[i];
            if (!Float.isFinite((float) value)) {
                throw new InputException(file + " " + name + ": expected finite numbers of float32, received " + value
                        + " in example " + i / values + " (from 0); drop or repair such examples");
            }
        }
    }

    private static void requireExamples(Path file, String name, NamedArray array) {
        if (array.rows() == 0) {
            throw new InputException(file + " " + name
                    + ": expected one example or more along the first dimension, received the shape " + array.shape());
        }
        requireFinite(file, name, array);
    }

    private static Column column(Field field, NamedArray array) {
        if (field.elements() == 0) {
            throw new InputException(
                    field.name() + ": expected values in each example, received the shape " + array.shape());
        }
        return switch (field.dtype()) {
            case INT64 -> ArrayDataset.column(field, (long[]) array.values());
            case FLOAT64 -> ArrayDataset.column(field, (double[]) array.values());
            default -> ArrayDataset.column(field, (float[]) array.values());
        };
    }
}

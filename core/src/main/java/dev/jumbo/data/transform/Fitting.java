package dev.jumbo.data.transform;

import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Row;
import dev.jumbo.data.Transform;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Fits transforms on the raw values of a training split. */
final class Fitting {
    private Fitting() {}

    /** The transforms with what they learned, by the names that they stand under. @param training raw examples */
    static Map<String, Transform> of(Map<String, Transform> transforms, Dataset training) {
        List<Field> inputs = training.inputs();
        List<String> names = inputs.stream().map(Field::name).toList();
        OpenTransforms.outputs(inputs, transforms);
        Map<String, Transform> fitted = new LinkedHashMap<>();
        transforms.forEach((name, transform) -> {
            List<Integer> reads =
                    transform.reads(name).stream().map(names::indexOf).toList();
            fitted.put(name, transform.fitAll(reads.stream().map(inputs::get).toList(), values(training, reads)));
        });
        return fitted;
    }

    /** Raw values of some inputs, example by example. */
    private static Iterable<List<Object>> values(Dataset dataset, List<Integer> inputs) {
        return () -> {
            Row row = Row.single(dataset);
            Iterator<Integer> indices = IntStream.range(0, dataset.size()).iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return indices.hasNext();
                }

                @Override
                public List<Object> next() {
                    int index = indices.next();
                    dataset.read(index, row);
                    return inputs.stream()
                            .map(input -> value(dataset, index, row, input))
                            .toList();
                }
            };
        };
    }

    /** The raw values of one input of an example that was read, as a transform takes them. */
    static Object value(Dataset dataset, int index, Row row, int input) {
        Field field = row.column(input).field();
        if (field.isBytes()) {
            return row.bytes(input);
        }
        int held = field.isRagged() ? dataset.length(index, input) * field.unit() : field.elements();
        int from = row.offset(input);
        return switch (field.dtype()) {
            case FLOAT32 -> Arrays.copyOfRange(row.floats(input), from, from + held);
            case FLOAT64 -> Arrays.copyOfRange(row.doubles(input), from, from + held);
            default -> Arrays.copyOfRange(row.longs(input), from, from + held);
        };
    }
}

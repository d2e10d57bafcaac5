package dev.jumbo.data.prepare;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.data.Example;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.stream.StreamDataset;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.read.JsonRecords;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes examples of JSON objects, as a {@link StreamSource} says. */
final class JsonExamples {
    private static final int SHOWN = 60;

    private final StreamSource as;

    private final Path dir;
    private final List<Field> raw;

    /** @param dir what names of files are relative to */
    JsonExamples(StreamSource as, Path dir) {
        this.as = as;
        this.dir = dir;
        raw = List.copyOf(RawColumns.of(as.inputs()).values());
    }

    List<Field> inputs() {
        if (!raw.isEmpty()) {
            return raw;
        }
        return List.of(
                as.tokens() == null
                        ? new Field("numbers", Spec.floats(as.numbers().size()), new Meaning.Columns(as.numbers()))
                        : Field.tokens(as.tokens(), as.vocabulary(), as.padding(), as.maxLength()));
    }

    List<Field> targets() {
        if (as.target() == null) {
            return List.of(Field.ids("next", Shape.of(1)).ragged(as.maxLength()));
        }
        return List.of(
                as.classes().isEmpty()
                        ? Field.floats(as.target(), Shape.of())
                        : Field.classId(as.target(), as.classes()));
    }

    StreamDataset.Source source(List<Path> files) {
        return new StreamDataset.Source() {
            @Override
            public StreamDataset.Reader from(long examples) {
                JsonRecords records = new JsonRecords(files).skip(examples);
                return new StreamDataset.Reader() {
                    @Override
                    public @Nullable Example next() {
                        JsonRecords.JsonRecord record = records.next();
                        return record == null ? null : example(record.node(), record.where());
                    }

                    @Override
                    public void close() {
                        records.close();
                    }
                };
            }

            @Override
            public String fingerprint() {
                return StreamFiles.fingerprint(files);
            }
        };
    }

    private Example example(JsonNode of, String where) {
        List<Object> values = new ArrayList<>();
        if (!raw.isEmpty()) {
            raw.forEach(field -> values.add(
                    field.isBytes()
                            ? RawCells.of(field, value(of, field.name(), where), dir, where)
                            : new double[] {numberOrNone(of, field, where)}));
        } else if (as.tokens() == null) {
            float[] numbers = new float[as.numbers().size()];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (float) number(of, as.numbers().get(i), where);
            }
            values.add(numbers);
        } else {
            addIds(of, as.tokens(), where, values);
        }
        if (as.target() != null) {
            values.add(
                    as.classes().isEmpty()
                            ? new float[] {(float) number(of, as.target(), where)}
                            : new long[] {classId(of, as.target(), where)});
        }
        return new Example(values, as.weight() == null ? 1 : weight(of, as.weight(), where));
    }

    /** The ids, and those that follow them where these are the target. */
    private void addIds(JsonNode of, String key, String where, List<Object> values) {
        JsonNode list = value(of, key, where);
        int extra = as.target() == null ? 1 : 0;
        int most = as.maxLength() + extra;
        boolean fits = list.size() <= most || as.truncate();
        long[] ids = new long[list.isArray() && fits ? Math.min(list.size(), most) : 0];
        boolean good = ids.length > extra;
        for (int i = 0; i < ids.length && good; i++) {
            JsonNode id = list.get(i);
            ids[i] = id.isIntegralNumber() && id.canConvertToLong() ? id.longValue() : -1;
            good = ids[i] >= 0 && ids[i] < as.vocabulary();
        }
        if (!good) {
            throw new InputException(where + ": expected a list of " + (extra + 1) + " to " + most + " ids from 0 to "
                    + (as.vocabulary() - 1) + " in " + key + ", received "
                    + (list.isArray() ? list.size() + " values " : "") + shown(list)
                    + "; mend the line, or set vocabulary, max_length or truncate");
        }
        if (extra == 0) {
            values.add(ids);
        } else {
            values.add(Arrays.copyOf(ids, ids.length - 1));
            values.add(Arrays.copyOfRange(ids, 1, ids.length));
        }
    }

    private long classId(JsonNode of, String key, String where) {
        String name = value(of, key, where).asText();
        int id = as.classes().indexOf(name);
        if (id < 0) {
            throw new InputException(where + ": expected one of the classes " + as.classes() + " in " + key
                    + ", received \"" + name + "\"" + Nearest.hint(name, as.classes()));
        }
        return id;
    }

    private static double weight(JsonNode of, String key, String where) {
        double weight = number(of, key, where);
        if (weight < 0) {
            throw new InputException(where + ": expected a weight of 0 or more in " + key + ", received " + weight);
        }
        return weight;
    }

    /** Of a transform that fills missing numbers, as where rows are read by name: null is one, a key that is not there is none. */
    private static double numberOrNone(JsonNode of, Field field, String where) {
        JsonNode value = of.get(field.name());
        if (value == null || field.dtype() != DType.FLOAT64 || field.elements() != 1) {
            if (value != null) {
                throw new InputException(where + ": expected a transform of texts, files or numbers for " + field.name()
                        + ", received one of " + field);
            }
            throw missing(of, field.name(), where);
        }
        boolean none = value.isNull() || value.isNumber() && Double.isNaN(value.doubleValue());
        double number = value.isNumber() ? value.doubleValue() : Numbers.parse(value.asText());
        if (!none && !Float.isFinite((float) number)) {
            throw noNumber(field.name(), value, where, ", or null where it is missing");
        }
        return number;
    }

    private static double number(JsonNode of, String key, String where) {
        JsonNode value = value(of, key, where);
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        if (!Float.isFinite((float) number)) { // as which it reaches the model
            throw noNumber(key, value, where, "");
        }
        return number;
    }

    private static InputException noNumber(String key, JsonNode value, String where, String orElse) {
        return new InputException(where + ": expected a finite number in " + key + ", up to 3.4e38 as float32" + orElse
                + ", received " + shown(value) + (value.isTextual() ? ", a text" : "")
                + "; mend the line, or leave it out");
    }

    private static JsonNode value(JsonNode of, String key, String where) {
        JsonNode value = of.get(key);
        if (value == null || value.isNull()) {
            throw missing(of, key, where);
        }
        return value;
    }

    private static InputException missing(JsonNode of, String key, String where) {
        List<String> keys = new ArrayList<>();
        of.fieldNames().forEachRemaining(keys::add);
        return new InputException(where + ": expected a value of " + key + ", received "
                + (of.has(key) ? "null; leave the line out, or fill the value in" : "the keys " + keys));
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
    }
}

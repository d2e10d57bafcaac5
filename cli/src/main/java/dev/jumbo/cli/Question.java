package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.Row;
import dev.jumbo.data.image.Images;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.data.table.encode.TableLayout;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Predictor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * An example as a client would send it to a server: a picture as PNG, a row of a table or of texts and files as a JSON object, a
 * sequence or numbers as a JSON list, and several inputs as an infer request.
 *
 * @param call {@code predict} or {@code infer}
 * @param type of the body
 */
record Question(String call, String type, byte[] body) {
    private static final int IMAGE_RANK = 3;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    boolean isPicture() {
        return type.equals("image/png");
    }

    /** The first example. Inputs of the model that the data does not have are zeros. */
    static Question of(Dataset examples, Predictor predictor) {
        Row row = Row.single(examples);
        examples.read(0, row);
        List<Field> inputs = predictor.rawInputs();
        RowReader table = predictor.rows();
        if (table != null) {
            return json("predict", object(table, values(row, 0)));
        }
        if (inputs.stream().allMatch(Field::isBytes)) {
            ObjectNode object = JSON.objectNode();
            inputs.forEach(field -> object.put(field.name(), text(field, row, place(examples, field))));
            return json("predict", object.toString());
        }
        int first = place(examples, inputs.get(0));
        if (inputs.size() == 1 && first >= 0) {
            Field field = examples.inputs().get(first);
            if (field.isRagged() && field.shape().rank() == 1) {
                return json(
                        "predict",
                        numbers(field, row, first, held(examples, first)).toString());
            }
            if (!field.isRagged() && field.dtype() != DType.INT64) {
                boolean image = field.shape().rank() == IMAGE_RANK;
                return image && field.dtype() == DType.FLOAT32
                        ? new Question("predict", "image/png", Images.png(row.floats(first), field.shape()))
                        : json("predict", Arrays.toString(values(row, first)));
            }
        }
        return infer(examples, inputs, row);
    }

    private static Question json(String call, String body) {
        return new Question(call, "application/json", body.getBytes(StandardCharsets.UTF_8));
    }

    private static Question infer(Dataset examples, List<Field> inputs, Row row) {
        ObjectNode request = JSON.objectNode();
        ArrayNode tensors = request.putArray("inputs");
        for (Field field : inputs) {
            int at = place(examples, field);
            ObjectNode tensor = tensors.addObject().put("name", field.name());
            if (field.isBytes()) {
                tensor.put("datatype", "BYTES");
                tensor.putArray("shape").add(1);
                tensor.putArray("data").add(text(field, row, at));
                continue;
            }
            int values = at < 0 ? field.isRagged() ? field.unit() : field.elements() : held(examples, at);
            Shape shape = field.isRagged() ? field.shape().without(0).prepend(values / field.unit()) : field.shape();
            tensor.put("datatype", datatype(field.dtype()));
            ArrayNode sizes = tensor.putArray("shape");
            Arrays.stream(shape.prepend(1).toArray()).forEach(sizes::add);
            tensor.set("data", numbers(field, row, at, values));
        }
        return json("infer", request.toString());
    }

    private static String datatype(DType type) {
        return type == DType.INT64 ? "INT64" : type == DType.FLOAT64 ? "FP64" : "FP32";
    }

    /** Where the data has an input of the model; -1 where it has none of its name. */
    private static int place(Dataset examples, Field field) {
        return examples.inputs().stream().map(Field::name).toList().indexOf(field.name());
    }

    /** Values of the first example in a field. */
    private static int held(Dataset examples, int at) {
        Field field = examples.inputs().get(at);
        return field.isRagged() ? examples.length(0, at) * field.unit() : field.elements();
    }

    private static String text(Field field, Row row, int at) {
        byte[] value = at < 0 ? new byte[0] : row.bytes(at);
        return field.meaning() instanceof Meaning.Text
                ? new String(value, StandardCharsets.UTF_8)
                : Base64.getEncoder().encodeToString(value);
    }

    private static ArrayNode numbers(Field field, Row row, int at, int count) {
        ArrayNode numbers = JSON.arrayNode();
        for (int i = 0; i < count; i++) {
            if (field.dtype() == DType.INT64) {
                numbers.add(at < 0 ? 0 : row.longs(at)[row.offset(at) + i]);
            } else {
                numbers.add(at < 0 ? 0 : values(row, at)[row.offset(at) + i]);
            }
        }
        return numbers;
    }

    private static double[] values(Row row, int at) {
        return row.doubles(at).length > 0 ? row.doubles(at) : Examples.doubles(row.floats(at));
    }

    /** A row as callers send it, with nothing in the columns that the network does not see. */
    private static String object(RowReader table, double[] raw) {
        ObjectNode row = JSON.objectNode();
        table.columns().forEach(row::putNull);
        List<TableLayout.Input> inputs = table.encoding().layout().inputs();
        for (int i = 0; i < inputs.size(); i++) {
            TableLayout.Input input = inputs.get(i);
            boolean missing = Double.isNaN(raw[i]) || raw[i] < 0 && input.type() == ColumnType.CATEGORY;
            if (missing) {
                row.putNull(input.name());
            } else if (input.type() == ColumnType.CATEGORY) {
                row.put(input.name(), input.categories().get((int) raw[i]));
            } else {
                row.put(input.name(), raw[i]);
            }
        }
        return row.toString();
    }

    /** What the first example is, as in {@code "; right is 7"}; nothing where it is no class. */
    static String right(Dataset examples) {
        Field target = examples.targets().get(0);
        if (target.classes().isEmpty() || target.elements() != 1 || target.dtype() != DType.INT64) {
            return "";
        }
        Row row = Row.single(examples);
        examples.read(0, row);
        return "; right is "
                + target.classes().get((int) row.longs(examples.inputs().size())[0]);
    }
}

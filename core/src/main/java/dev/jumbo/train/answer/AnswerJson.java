package dev.jumbo.train.answer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.tensor.Shape;
import java.util.List;

/**
 * Answers as JSON, the same from {@code predict --json} and from the server.
 *
 * <pre>{@code
 * one class:    {"label": "yes", "probability": 0.9, "probabilities": {"no": 0.1, "yes": 0.9}}
 * labels:       {"labels": ["a", "c"], "probabilities": {"a": 0.9, "b": 0.2, "c": 0.7}}
 * numbers:      {"values": [3.5]}
 * positions:    {"labels": ["B", "O"], "probability": [0.9, 0.8], "probabilities": [{"B": 0.9, "O": 0.1}, ...]}
 * }</pre>
 *
 * The first output stands at the top. Where there are several, or numbers, {@code outputs} holds all by name; what should be
 * known of the input is in {@code warnings}.
 */
public final class AnswerJson {
    private AnswerJson() {}

    /** The answer for one example, as a new object. */
    public static ObjectNode of(Prediction prediction) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        add(json, prediction);
        return json;
    }

    /** Adds the answer for one example to an object. */
    public static void add(ObjectNode json, Prediction prediction) {
        write(json, prediction.first());
        if (prediction.outputs().size() > 1 || prediction.first() instanceof OutputAnswer.Numbers) {
            ObjectNode outputs = json.putObject("outputs");
            prediction.outputs().forEach((name, answer) -> {
                if (answer instanceof OutputAnswer.Numbers numbers) {
                    numbers(outputs.putArray(name), numbers.values());
                } else {
                    write(outputs.putObject(name), answer);
                }
            });
        }
        if (!prediction.warnings().isEmpty()) {
            prediction.warnings().forEach(json.putArray("warnings")::add);
        }
    }

    private static void write(ObjectNode json, OutputAnswer answer) {
        if (answer instanceof OutputAnswer.OneClass one) {
            json.put("label", one.label()).put("probability", one.probability());
            named(json.putObject("probabilities"), one.classes(), one.probabilities());
        } else if (answer instanceof OutputAnswer.Labels labels) {
            labels.chosen().forEach(json.putArray("labels")::add);
            named(json.putObject("probabilities"), labels.names(), labels.probabilities());
        } else if (answer instanceof OutputAnswer.Numbers numbers) {
            numbers(json.putArray("values"), numbers.values());
        } else if (answer instanceof OutputAnswer.Positions positions) {
            List<OutputAnswer.OneClass> each = positions.each();
            Shape shape = positions.shape();
            nested(
                    json.putArray("labels"),
                    shape,
                    0,
                    0,
                    (list, i) -> list.add(each.get(i).label()));
            nested(
                    json.putArray("probability"),
                    shape,
                    0,
                    0,
                    (list, i) -> list.add(each.get(i).probability()));
            nested(json.putArray("probabilities"), shape, 0, 0, (list, i) -> {
                named(list.addObject(), each.get(i).classes(), each.get(i).probabilities());
            });
        }
    }

    private static void named(ObjectNode into, List<String> names, float[] values) {
        for (int i = 0; i < values.length; i++) {
            into.put(names.get(i), values[i]);
        }
    }

    private static void numbers(ArrayNode into, float[] values) {
        for (float value : values) {
            into.add(value);
        }
    }

    /** Adds what belongs to a position. */
    private interface Item {
        void add(ArrayNode list, int position);
    }

    /** Lists in lists, as deep as the positions have dimensions. @param first the position that begins here */
    private static void nested(ArrayNode list, Shape shape, int axis, int first, Item item) {
        int size = Math.toIntExact(shape.size(axis));
        int stride = 1;
        for (int i = axis + 1; i < shape.rank(); i++) {
            stride *= Math.toIntExact(shape.size(i));
        }
        for (int i = 0; i < size; i++) {
            if (axis == shape.rank() - 1) {
                item.add(list, first + i);
            } else {
                nested(list.addArray(), shape, axis + 1, first + i * stride, item);
            }
        }
    }
}

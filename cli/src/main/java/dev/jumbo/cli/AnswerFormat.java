package dev.jumbo.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.train.answer.AnswerJson;
import dev.jumbo.train.answer.OutputAnswer;
import dev.jumbo.train.answer.Prediction;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Answers in a form: a line for each example. */
interface AnswerFormat {
    /** @param prediction null where the example has an error */
    void write(Example example, @Nullable Prediction prediction);

    /** The forms that {@code predict} writes. */
    enum Form {
        TEXT,
        CSV,
        JSON
    }

    /** {@code input, label, probability} between tabs, for people. */
    static AnswerFormat text(PrintWriter out) {
        return (example, prediction) -> {
            if (prediction == null) {
                out.println(example.name() + "\terror\t" + example.error());
                return;
            }
            ObjectNode answer = AnswerJson.of(prediction);
            if (prediction.outputs().size() > 1) {
                out.println(example.name() + outputs(answer.get("outputs")));
                return;
            }
            JsonNode one = answer.path("probability");
            if (one.isNumber()) {
                out.println(String.format(
                        Locale.ROOT,
                        "%s\t%s\t%.4f",
                        example.name(),
                        answer.get("label").asText(),
                        one.asDouble()));
            } else {
                out.println(
                        example.name() + "\t" + (answer.has("labels") ? answer.get("labels") : figures(prediction)));
            }
        };
    }

    /** Each of several outputs by its name: {@code kind=yes 0.9908}. */
    private static String outputs(JsonNode answers) {
        StringBuilder line = new StringBuilder();
        answers.fields().forEachRemaining(answer -> {
            JsonNode value = answer.getValue();
            line.append('\t').append(answer.getKey()).append('=');
            if (value.has("label")) {
                line.append(value.get("label").asText())
                        .append(String.format(
                                Locale.ROOT, " %.4f", value.path("probability").asDouble()));
            } else {
                line.append(value.isArray() && value.size() == 1 ? value.get(0) : value);
            }
        });
        return line.toString();
    }

    /** Numbers as CSV has them. */
    private static String figures(Prediction prediction) {
        if (!(prediction.first() instanceof OutputAnswer.Numbers numbers)) {
            return "";
        }
        StringJoiner figures = new StringJoiner("\t");
        for (float value : numbers.values()) {
            figures.add(Float.toString(value));
        }
        return figures.toString();
    }

    /** An object a line: {@code input}, the columns to keep, and the answer. */
    static AnswerFormat json(PrintWriter out, Kept kept) {
        return (example, prediction) -> {
            ObjectNode line = JsonNodeFactory.instance.objectNode().put("input", example.name());
            kept.add(line, example);
            if (prediction == null) {
                line.put("error", example.error());
            } else {
                AnswerJson.add(line, prediction);
            }
            out.println(line);
        };
    }
}

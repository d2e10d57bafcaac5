package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.Field;
import dev.jumbo.data.image.Images;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.RawReader;
import dev.jumbo.serve.ServedModel;
import dev.jumbo.train.Predictor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A predictor's answers for what users have: image files, JSON files, rows of numbers. */
final class Predictions {
    private static final int IMAGE_RANK = 3;

    private Predictions() {}

    /** The model for a server, with the readers of its kind of input. */
    static ServedModel served(String name, String version, Predictor predictor) {
        return new ServedModel(name, version, predictor, images(predictor), RawReader.numbers());
    }

    private static RawReader images(Predictor predictor) {
        Field raw = predictor.rawInputs().get(0);
        return raw.shape().rank() == IMAGE_RANK
                ? (body, field) -> Images.decode(body, field.shape())
                : RawReader.refusing("a JSON list of " + raw.elements() + " numbers");
    }

    /** The answer for one input: a file, or a JSON list of numbers as it stands. */
    static ObjectNode answer(Predictor predictor, String input) {
        Field raw = predictor.rawInputs().get(0);
        RawReader reader = isJson(input) ? RawReader.numbers() : images(predictor);
        float[] values;
        try {
            values = reader.read(bytes(input), raw);
        } catch (InputException e) {
            throw new InputException(input + ": " + e.getMessage(), e);
        }
        float[] output =
                predictor.predict(List.of(predictor.prepare(values)), 1).get(0);
        ObjectNode line = JsonNodeFactory.instance.objectNode().put("input", input);
        List<String> classes = predictor.outputs().get(0).classes();
        if (classes.isEmpty()) {
            ArrayNode numbers = line.putArray("values");
            for (float value : output) {
                numbers.add(value);
            }
            return line;
        }
        int best = best(output);
        double probability = output[best];
        if (output.length == 1 && classes.size() == 2) {
            // One output for two classes is the probability of the second.
            best = output[0] >= 0.5 ? 1 : 0;
            probability = best == 1 ? output[0] : 1 - output[0];
        }
        return line.put("label", classes.get(best)).put("probability", (float) probability);
    }

    private static int best(float[] output) {
        int best = 0;
        for (int i = 1; i < output.length; i++) {
            if (output[i] > output[best]) {
                best = i;
            }
        }
        return best;
    }

    private static boolean isJson(String input) {
        return input.startsWith("[") || input.endsWith(".json");
    }

    private static byte[] bytes(String input) {
        if (input.startsWith("[")) {
            return input.getBytes(StandardCharsets.UTF_8);
        }
        Path file = Path.of(input);
        if (!Files.isRegularFile(file)) {
            throw new InputException("there is no such file; give images, .json files or rows as in '[0.1, 2]'");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new FailureException("cannot read " + input + ": " + e, e);
        }
    }
}

package dev.jumbo.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.train.Predictor;
import java.util.List;

/** A predictor's answers as lines of {@code jumbo predict}. */
final class Predictions {
    private Predictions() {}

    /**
     * The answer for one example.
     *
     * @param input what the example is called
     * @param raw its values as data has them
     */
    static ObjectNode answer(Predictor predictor, String input, double[] raw) {
        float[] output = predictor.predict(List.of(predictor.prepare(raw)), 1).get(0);
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
}

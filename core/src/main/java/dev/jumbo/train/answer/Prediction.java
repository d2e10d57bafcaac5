package dev.jumbo.train.answer;

import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model says of one example.
 *
 * @param outputs an answer for each output by its name, in the model's order
 * @param warnings what the caller should know of the input, such as a category that training did not have
 */
public record Prediction(Map<String, OutputAnswer> outputs, List<String> warnings) {
    public Prediction {
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
        warnings = List.copyOf(warnings);
    }

    /** The answer of the first output, which most models have alone. */
    public OutputAnswer first() {
        return outputs.values().iterator().next();
    }

    /** The answer of an output. @throws InputException with the nearest name if there is none */
    public OutputAnswer of(String output) {
        OutputAnswer answer = outputs.get(output);
        if (answer == null) {
            throw new InputException("no output \"" + output + "\"" + Nearest.hint(output, outputs.keySet()));
        }
        return answer;
    }

    /** The name of the most probable class. @throws InputException if the first output is no class */
    public String label() {
        return oneClass().label();
    }

    /** The probability of {@link #label}. @throws InputException if the first output is no class */
    public float probability() {
        return oneClass().probability();
    }

    /** The probability of a class. @throws InputException with the nearest name if the first output has no such class */
    public float probability(String label) {
        OutputAnswer.OneClass one = oneClass();
        int index = one.classes().indexOf(label);
        if (index < 0) {
            throw new InputException("no class \"" + label + "\"" + Nearest.hint(label, one.classes()));
        }
        return one.probabilities()[index];
    }

    /** The number. @throws InputException if the first output is not one number */
    public float value() {
        if (first() instanceof OutputAnswer.Numbers numbers && numbers.values().length == 1) {
            return numbers.values()[0];
        }
        throw new InputException("expected a model whose first output is one number; ask first() what it is");
    }

    /** This with warnings. */
    public Prediction withWarnings(List<String> given) {
        return new Prediction(outputs, given);
    }

    private OutputAnswer.OneClass oneClass() {
        if (first() instanceof OutputAnswer.OneClass one) {
            return one;
        }
        throw new InputException("expected a model whose first output is one class; ask first() what it is");
    }
}

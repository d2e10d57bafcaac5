package dev.jumbo.data;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is done to each of several inputs.
 *
 * @param inputs one for each input, in order
 */
@Kind("each_input")
public record EachInput(
        @Doc("What is done to each input, in order.") List<Preprocessing> inputs) implements Preprocessing {
    public EachInput {
        inputs = List.copyOf(inputs);
        if (inputs.isEmpty()) {
            throw new InputException("each_input: expected one input or more, received none");
        }
    }

    @Override
    public List<Field> outputs(List<Field> raw) {
        if (raw.size() != inputs.size()) {
            throw new InputException(
                    "expected " + inputs.size() + " inputs, as the normalization was fitted on; received " + raw.size()
                            + ": " + raw.stream().map(Field::name).toList());
        }
        List<Field> prepared = new ArrayList<>();
        for (int i = 0; i < raw.size(); i++) {
            prepared.add(inputs.get(i).outputs(List.of(raw.get(i))).get(0));
        }
        return prepared;
    }

    /** The first input's. */
    @Override
    public void apply(float[] raw, int rawOffset, float[] out, int outOffset) {
        inputs.get(0).apply(raw, rawOffset, out, outOffset);
    }

    @Override
    public void apply(double[] raw, int rawOffset, float[] out, int outOffset) {
        inputs.get(0).apply(raw, rawOffset, out, outOffset);
    }

    @Override
    public Preprocessing of(int input) {
        return inputs.get(input);
    }
}

package dev.jumbo.train.checkpoint;

import dev.jumbo.config.Doc;
import dev.jumbo.data.Field;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Model;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Specs;
import java.util.List;

/** What {@code model.json} holds: all that is needed to rebuild the model, to prepare its inputs and to read its outputs. */
@Doc("A model, described.")
public record ModelFile(
        @Doc("Version of this format: 1.") int format,

        @Doc("Inputs as callers give them, before preprocessing.")
        List<Field> rawInputs,

        @Doc("Inputs as the network takes them.") List<Field> inputs,

        @Doc("What the network was trained to give, with the names of classes.")
        List<Field> targets,

        @Doc("What is done to raw inputs.") Preprocessing preprocessing,
        @Doc("The loss, which says what outputs mean.") Loss loss,
        @Doc("The layers.") Layer model) {
    /** The only version so far. */
    public static final int FORMAT = 1;

    public ModelFile {
        rawInputs = List.copyOf(rawInputs);
        inputs = List.copyOf(inputs);
        targets = List.copyOf(targets);
    }

    /** @throws InputException if other inputs than the network's are given */
    public void requireInputs(List<Field> given) {
        boolean fits = given.size() == inputs.size();
        for (int i = 0; fits && i < inputs.size(); i++) {
            fits = inputs.get(i).allows(given.get(i));
        }
        if (!fits) {
            throw new InputException("the model takes inputs of the shapes " + inputShapes() + ", received "
                    + given.stream().map(Field::shape).toList());
        }
    }

    /** One example of each input of the network, under their names. */
    public Specs specs() {
        return Field.specs(inputs);
    }

    /** Shapes of one example of each input of the network. */
    public List<Shape> inputShapes() {
        return inputs.stream().map(Field::shape).toList();
    }

    /** What the model makes of one example. */
    public Specs outputs() {
        return Model.outputs(model, Field.specs(inputs));
    }
}

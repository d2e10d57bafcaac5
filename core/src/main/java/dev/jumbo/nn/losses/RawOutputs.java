package dev.jumbo.nn.losses;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Answer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Target;
import dev.jumbo.tensor.Tensor;

/** No loss: outputs are the numbers that they are. What the model of an objective of its own answers with, unless that says more. */
@Kind("raw_outputs")
@Doc("No loss: outputs are numbers.")
public record RawOutputs() implements Loss {
    @Override
    public Tensor of(Tensor outputs, Tensor targets) {
        throw new InputException("raw_outputs is no loss: the model was trained by an objective of its own");
    }

    @Override
    public Answer answer(Target target) {
        return Answer.NUMBERS;
    }
}

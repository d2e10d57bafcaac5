package dev.jumbo.train.answer;

import dev.jumbo.data.Field;
import dev.jumbo.nn.Loss;
import dev.jumbo.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/** Turns what a model computes into answers: the same for {@code predict}, the server, evaluation and Java programs. */
public interface Decoder {
    /**
     * The answers of some examples.
     *
     * @param outputs for each output a row-major array, {@code rows} examples long, as a {@link
     *     dev.jumbo.train.Predictor} gives them
     * @throws dev.jumbo.error.InputException if a value is not finite, naming row and output
     */
    Answers of(List<float[]> outputs, int rows);

    /**
     * As {@link #of(List, int)}, of rows that may have another number of steps each: an answer for each step of a row is as long as the
     * row.
     */
    default Answers of(RowOutputs outputs) {
        if (outputs.counts() == null) {
            return of(outputs.values(), outputs.rows());
        }
        List<Prediction> all = new ArrayList<>();
        for (int row = 0; row < outputs.rows(); row++) {
            List<float[]> own = new ArrayList<>();
            for (int output = 0; output < outputs.values().size(); output++) {
                own.add(outputs.row(output, row));
            }
            all.addAll(of(own, 1).rows());
        }
        return new Answers(all);
    }

    /** What each output means, in the model's order. */
    List<OutputMeaning> meanings();

    /**
     * The decoder of a model.
     *
     * @param targets what the outputs were trained to be
     * @param shapes of the outputs for one example
     * @throws dev.jumbo.error.InputException if the outputs do not fit the classes of the targets
     */
    static Decoder of(List<Field> targets, List<Shape> shapes, Loss loss) {
        return of(targets, shapes, output -> loss);
    }

    /** As {@link #of(List, List, Loss)}. @param losses that of each output, counted from 0 */
    static Decoder of(List<Field> targets, List<Shape> shapes, IntFunction<Loss> losses) {
        List<OutputMeaning> meanings = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            meanings.add(OutputMeaning.of(targets.get(i), shapes.get(i), losses.apply(i)));
        }
        return new MeaningDecoder(targets.stream().map(Field::name).toList(), List.copyOf(meanings));
    }

    /** The decoder of outputs that say themselves what they are: probabilities of their classes, or numbers. */
    static Decoder of(List<Field> outputs) {
        return new MeaningDecoder(
                outputs.stream().map(Field::name).toList(),
                outputs.stream().map(OutputMeaning::of).toList());
    }
}

package dev.jumbo.train.objective;

import dev.jumbo.data.Batch;
import dev.jumbo.data.Field;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * What a decoder is given while it learns: the labels shifted by one behind a start token, as Hugging Face's {@code shift_tokens_right}.
 *
 * @param name of the input
 * @param start the first id
 * @param padding the id in the place of labels that do not count
 */
record DecoderInput(String name, long start, long padding) {
    /** The fields of a model that has this input beside others. @param longest the most labels of an example */
    List<Field> beside(List<Field> inputs, long vocabulary, int longest) {
        List<Field> all = new ArrayList<>(inputs);
        all.add(Field.tokens(name, vocabulary, vocabulary > padding ? padding : 0, longest));
        return all;
    }

    /**
     * Inputs with that of the decoder and its mask.
     *
     * @param labels {@code [rows, steps]}, row after row
     */
    Tensors beside(Tensors inputs, long[] labels, int rows, int steps) {
        long[] ids = new long[labels.length];
        boolean[] real = new boolean[labels.length];
        for (int i = 0; i < rows; i++) {
            int from = i * steps;
            int length = steps;
            while (length > 1 && labels[from + length - 1] == TokenLoss.IGNORED) {
                length--;
            }
            for (int t = 0; t < steps; t++) {
                long before = t == 0 ? start : labels[from + t - 1];
                ids[from + t] = before == TokenLoss.IGNORED ? padding : before;
                real[from + t] = t < length;
            }
        }
        Shape shape = Shape.of(rows, steps);
        return inputs.with(name, Tensor.of(ids, shape)).with(name + "_" + Batch.MASK, mask(real, shape));
    }

    /** Which steps are real. */
    static Tensor mask(boolean[] real, Shape shape) {
        long[] numbers = new long[real.length];
        for (int i = 0; i < real.length; i++) {
            numbers[i] = real[i] ? 1 : 0;
        }
        return Tensor.of(numbers, shape).to(DType.BOOL);
    }
}

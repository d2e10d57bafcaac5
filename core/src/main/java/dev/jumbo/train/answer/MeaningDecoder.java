package dev.jumbo.train.answer;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.metrics.Predictions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Reads each output by its meaning. */
record MeaningDecoder(List<String> names, List<OutputMeaning> meanings) implements Decoder {
    @Override
    public Answers of(List<float[]> outputs, int rows) {
        List<List<? extends OutputAnswer>> columns = new ArrayList<>();
        for (int i = 0; i < outputs.size(); i++) {
            requireFinite(names.get(i), outputs.get(i), rows);
            columns.add(column(meanings.get(i), outputs.get(i), rows));
        }
        List<Prediction> predictions = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            Map<String, OutputAnswer> answers = new LinkedHashMap<>();
            for (int i = 0; i < columns.size(); i++) {
                answers.put(names.get(i), columns.get(i).get(row));
            }
            predictions.add(new Prediction(answers, List.of()));
        }
        return new Answers(predictions);
    }

    @Override
    public Answers of(RowOutputs outputs) {
        if (outputs.counts() != null) {
            for (int i = 0; i < outputs.values().size(); i++) {
                requireFinite(names.get(i), outputs.values().get(i), outputs.rows());
            }
        }
        return Decoder.super.of(outputs);
    }

    private static void requireFinite(String name, float[] values, int rows) {
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new InputException("the model answers with " + values[i] + " in the output " + name + " of row "
                        + (i / (values.length / rows)) + ", counted from 0; are its values far outside of those that"
                        + " the model was trained on?");
            }
        }
    }

    private static List<? extends OutputAnswer> column(OutputMeaning meaning, float[] values, int rows) {
        int width = values.length / rows;
        if (meaning instanceof OutputMeaning.Classes classes) {
            return classes(classes, values, rows);
        }
        return IntStream.range(0, rows)
                .mapToObj(row -> {
                    float[] own = Arrays.copyOfRange(values, row * width, (row + 1) * width);
                    return meaning instanceof OutputMeaning.Labels labels
                            ? new OutputAnswer.Labels(labels.names(), own)
                            : new OutputAnswer.Numbers(own);
                })
                .toList();
    }

    private static List<? extends OutputAnswer> classes(OutputMeaning.Classes meaning, float[] values, int rows) {
        Shape shape = meaning.positions(values.length / rows);
        int positions = Math.toIntExact(shape.elements());
        float[] lined =
                meaning.first() && positions > 1 ? classesLast(values, rows, meaning.width(), positions) : values;
        // The rule of the metrics chooses, so that an evaluation counts what is answered here.
        Predictions rule = Predictions.ofClasses(lined, new long[rows * positions]);
        List<OutputAnswer.OneClass> all = new ArrayList<>(rows * positions);
        for (int i = 0; i < rows * positions; i++) {
            float[] probabilities = new float[meaning.names().size()];
            for (int c = 0; c < probabilities.length; c++) {
                probabilities[c] = (float) rule.probability(i, c);
            }
            all.add(new OutputAnswer.OneClass(meaning.names(), rule.predicted(i), probabilities));
        }
        if (meaning.positions().rank() == 0) {
            return all;
        }
        return IntStream.range(0, rows)
                .mapToObj(row -> new OutputAnswer.Positions(shape, all.subList(row * positions, (row + 1) * positions)))
                .toList();
    }

    /** {@code [N, C, P]} as {@code [N, P, C]}. */
    private static float[] classesLast(float[] values, int rows, int classes, int positions) {
        float[] out = new float[values.length];
        for (int row = 0; row < rows; row++) {
            int start = row * classes * positions;
            for (int p = 0; p < positions; p++) {
                for (int c = 0; c < classes; c++) {
                    out[start + p * classes + c] = values[start + c * positions + p];
                }
            }
        }
        return out;
    }
}

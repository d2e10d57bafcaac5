package dev.jumbo.serve.model;

import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.train.answer.OutputMeaning;
import dev.jumbo.train.answer.RowOutputs;
import java.util.ArrayList;
import java.util.List;

/** Outputs that have a value for each step, as tensors, which have one size for all rows. */
final class StepOutputs {
    private StepOutputs() {}

    static List<ServedModel.Sent> of(ServedModel model, ServedModel.Request request, RowOutputs computed) {
        List<ServedModel.Sent> sent = new ArrayList<>();
        List<Field> fields = model.outputs(request);
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            int width = computed.width(i);
            if (field.isRagged()) {
                int steps = width / field.unit();
                // As the input that it belongs to, so that a client's mask fits both.
                int all = steps == longest(request) ? Math.max(steps, request.steps()) : steps;
                sent.add(new ServedModel.Sent(field.padded(all), padded(computed, i, all * field.unit())));
            } else if (width == field.elements()) {
                sent.add(new ServedModel.Sent(field, computed.values().get(i)));
            } else {
                sent.add(new ServedModel.Sent(field, spread(model, computed, i)));
            }
        }
        return sent;
    }

    /** Steps of the longest row of the first ragged input; 0 without one. */
    private static int longest(ServedModel.Request request) {
        for (Object input : request.inputs()) {
            if (input instanceof Column.Ragged ragged) {
                int longest = 0;
                for (int row = 0; row < ragged.rows(); row++) {
                    longest = Math.max(longest, ragged.length(row));
                }
                return longest;
            }
        }
        return 0;
    }

    private static float[] padded(RowOutputs computed, int output, int width) {
        int own = computed.width(output);
        float[] values = computed.values().get(output);
        if (own == width) {
            return values;
        }
        float[] wider = new float[Math.multiplyExact(width, computed.rows())];
        for (int row = 0; row < computed.rows(); row++) {
            System.arraycopy(values, row * own, wider, row * width, own);
        }
        return wider;
    }

    /** {@code [N, C, t]} as {@code [N, C, T]} with the most steps that there can be. */
    private static float[] spread(ServedModel model, RowOutputs computed, int output) {
        Field field = model.outputs().get(output);
        if (!(model.predictor().decoder().meanings().get(output) instanceof OutputMeaning.Classes classes)
                || !classes.first()) {
            throw new InputException("expected rows of " + field.shape() + " in the output \"" + field.name()
                    + "\", received shorter ones, whose steps this model does not have first; ask by predict");
        }
        float[] all = new float[Math.multiplyExact(field.elements(), computed.rows())];
        int most = field.elements() / classes.width();
        for (int row = 0; row < computed.rows(); row++) {
            float[] own = computed.row(output, row);
            int steps = own.length / classes.width();
            for (int c = 0; c < classes.width(); c++) {
                System.arraycopy(own, c * steps, all, row * field.elements() + c * most, steps);
            }
        }
        return all;
    }
}

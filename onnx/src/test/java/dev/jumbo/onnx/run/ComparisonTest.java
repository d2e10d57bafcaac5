package dev.jumbo.onnx.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Field;
import dev.jumbo.data.Normalization;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Loss;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.layers.Layers;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.layers.sequence.Gru;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.nn.losses.ScaledTargets;
import dev.jumbo.onnx.export.OnnxExport;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Preprocessing and what losses make of outputs, in the file and by the code of training. */
class ComparisonTest {
    @TempDir
    private Path temp;

    private void agrees(Field raw, Preprocessing how, Field target, Loss loss, Layer layer) throws IOException {
        List<Field> inputs = how.outputs(List.of(raw));
        ModelFile file = new ModelFile(ModelFile.FORMAT, List.of(raw), inputs, List.of(target), how, loss, layer);
        try (Model model = Model.build(layer, file.specs(), RandomState.of(3))) {
            for (boolean prepared : new boolean[] {false, true}) {
                OnnxExport export = OnnxExport.of(file, model);
                Path path = temp.resolve("model.onnx");
                (prepared ? export.prepared() : export).model().write(path);
                Comparison compared = Comparison.of(file, model, path, !prepared);
                assertThat(compared.largest()).isLessThan(1e-5);
            }
        }
    }

    private static Field number(int values) {
        return Field.floats("price", values == 0 ? Shape.of() : Shape.of(values));
    }

    @Test
    void features_are_scaled_each_for_itself() throws IOException {
        agrees(
                Field.floats("features", Shape.of(3)),
                new Normalization(3, List.of(0.5, 2.0, 1e-3), List.of(1.0, -3.0, 0.25)),
                number(2),
                Losses.mse(),
                Layers.dense(2));
    }

    @Test
    void channels_of_pictures_are_scaled_each_for_itself() throws IOException {
        agrees(
                Field.floats("image", Shape.of(3, 4, 5)),
                new Normalization(60, List.of(0.01, 0.02, 0.03), List.of(-1.0, -2.0, -0.5)),
                Field.classId("label", List.of("a", "b")),
                Losses.crossEntropy(),
                Sequential.of(Layers.flatten(), Layers.dense(2)));
    }

    @Test
    void times_far_from_zero_are_scaled_in_double() throws IOException {
        agrees(
                Field.doubles("time", Shape.of(2)),
                new Normalization(2, List.of(1e-3, 1.0), List.of(0.0, 0.0), List.of(1.7e12, -5.0)),
                number(1),
                Losses.mse(),
                Layers.dense(1));
    }

    @Test
    void steps_of_sequences_are_scaled_and_padding_stays_zero() throws IOException {
        agrees(
                Field.floats("sound", Shape.of(9, 2)).ragged(9),
                new Normalization(2, List.of(0.5, 2.0), List.of(1.0, -3.0)),
                number(1),
                Losses.mse(),
                Sequential.of(new Gru(3, false, true, 1, 0), Layers.dense(1)));
    }

    @Test
    void targets_come_back_in_their_own_unit() throws IOException {
        agrees(
                Field.floats("features", Shape.of(3)),
                Preprocessing.none(3),
                number(2),
                new ScaledTargets(Losses.mse(), List.of(2e5, -3.0), List.of(1e5, 0.5)),
                Layers.dense(2));
    }

    @Test
    void labels_are_probabilities_each() throws IOException {
        agrees(
                Field.floats("features", Shape.of(3)),
                Preprocessing.none(3),
                Field.classes("tags", List.of("a", "b", "c")),
                Losses.binaryCrossEntropy(),
                Layers.dense(3));
    }

    /** A loss whose predictions its program alone knows. */
    record Own() implements Loss {
        @Override
        public Tensor of(Tensor outputs, Tensor targets) {
            return outputs.mean();
        }

        @Override
        public Tensor predictions(Tensor outputs) {
            return outputs.mul(2);
        }
    }

    @Test
    void a_loss_with_predictions_of_its_own_is_refused_by_the_name_of_the_output() {
        assertThatThrownBy(() -> agrees(
                        Field.floats("features", Shape.of(3)),
                        Preprocessing.none(3),
                        number(2),
                        new Own(),
                        Layers.dense(2)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("price: what the loss Own makes of outputs is known to its program alone");
    }
}

package dev.jumbo.train.own;

import static dev.jumbo.nn.layers.Layers.dense;
import static dev.jumbo.nn.layers.Layers.flatten;
import static dev.jumbo.nn.layers.Layers.reshape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.augment.Flip;
import dev.jumbo.data.sets.RaggedDataset;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.layers.Sequential;
import dev.jumbo.nn.losses.Losses;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.train.Evaluator;
import dev.jumbo.train.Trainer;
import dev.jumbo.train.TrainerBuilder;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.optim.Optimizers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several boxes a picture, with a label each, and an objective of a program's own. */
class BoxObjectiveTest {
    @TempDir
    Path runs;

    private static Dataset pictures(boolean labelled) {
        float[] pixels = new float[32 * 36];
        float[][] boxes = new float[32][];
        long[][] labels = new long[32][];
        for (int i = 0; i < 32; i++) {
            int count = 1 + i % 3;
            boxes[i] = new float[4 * count];
            labels[i] = new long[count];
            Arrays.fill(pixels, 36 * i, 36 * i + 36, count);
            for (int k = 0; k < count; k++) {
                System.arraycopy(new float[] {k, 0, k + 2, 3}, 0, boxes[i], 4 * k, 4);
            }
        }
        Field box = new Field("boxes", Spec.floats(3, 4).varying(0), new Meaning.Boxes());
        Field label = Field.ids("labels", Shape.of(1)).ragged(3);
        return RaggedDataset.of(
                List.of(ArrayDataset.column(Field.floats("image", Shape.of(1, 6, 6)), pixels)),
                labelled
                        ? List.of(RaggedDataset.column(box, boxes), RaggedDataset.column(label, labels))
                        : List.of(RaggedDataset.column(box, boxes)));
    }

    private TrainerBuilder trainer(String run) {
        return Trainer.of(Sequential.of(flatten(), dense(1)))
                .optimizer(Optimizers.adam(0.02))
                .epochs(60)
                .batchSize(7)
                .augmentations(new Flip(0.5, 0.5))
                .seed(1)
                .saveTo(runs.resolve(run));
    }

    @Test
    void boxes_are_filled_up_with_zeros_and_labels_with_what_is_no_class() {
        Checkpoint best = trainer("own")
                .objective(new CountsBoxes())
                .validationSplit(0.2)
                .build()
                .fit(pictures(true));
        assertThat(Evaluator.evaluate(best, pictures(true)).get("loss")).isLessThan(0.1);
    }

    @Test
    void a_loss_of_numbers_would_count_padding_and_is_refused() {
        assertThatThrownBy(() -> Trainer.of(Sequential.of(flatten(), dense(12), reshape(3, 4)))
                        .loss(Losses.mse())
                        .saveTo(runs.resolve("loss"))
                        .build()
                        .fit(pictures(false)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected a loss that leaves padding out of the ragged target boxes");
    }
}

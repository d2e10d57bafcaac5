package dev.jumbo.data.augment;

import static dev.jumbo.data.augment.Augmentations.cutMix;
import static dev.jumbo.data.augment.Augmentations.mixup;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Batch;
import dev.jumbo.data.BatchAugmentation;
import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixingTest {
    private static final int SIZE = 5;
    private static final Field IMAGE = Field.floats("image", Shape.of(2, 8, 8));
    private static final Field LABEL = Field.classId("label", List.of("a", "b", "c", "d", "e"));

    /** Image i has the value i everywhere and the class i: pixels and probabilities must tell the same story. */
    private static Batch batch() {
        Column images = Column.of(IMAGE, SIZE);
        Column labels = Column.of(LABEL, SIZE);
        for (int i = 0; i < SIZE; i++) {
            Arrays.fill(images.floats(), i * IMAGE.elements(), (i + 1) * IMAGE.elements(), i);
            labels.longs()[i] = i;
        }
        return new Batch(List.of(images), List.of(labels), SIZE);
    }

    @Test
    void mixup_weights_values_and_classes_alike() {
        mixesAlike(mixup(1));
    }

    @Test
    void cut_mix_weights_classes_by_the_area_that_can_be_seen() {
        mixesAlike(cutMix(1));
    }

    private static void mixesAlike(BatchAugmentation augmentation) {
        int mixed = 0;
        for (int seed = 0; seed < 100; seed++) {
            Batch out = augmentation.apply(batch(), new SplittableRandom(seed));
            Column labels = out.targets().get(0);
            assertThat(labels.field().dtype()).isEqualTo(DType.FLOAT32);
            assertThat(labels.shape()).isEqualTo(Shape.of(SIZE, 5));
            for (int i = 0; i < SIZE; i++) {
                double mass = 0;
                double expected = 0;
                for (int c = 0; c < 5; c++) {
                    float p = labels.floats()[i * 5 + c];
                    assertThat(p).isBetween(0f, 1f);
                    mass += p;
                    expected += p * c;
                    mixed += p > 0 && p < 1 ? 1 : 0;
                }
                double seen = 0;
                for (int k = 0; k < IMAGE.elements(); k++) {
                    seen += out.inputs().get(0).floats()[i * IMAGE.elements() + k];
                }
                assertThat(mass).isCloseTo(1, Offset.offset(1e-6));
                assertThat(seen / IMAGE.elements()).isCloseTo(expected, Offset.offset(1e-5));
            }
        }
        assertThat(mixed).isGreaterThan(300);
    }

    @Test
    void the_batch_given_is_left_as_it_was() {
        Batch given = batch();

        mixup(1).apply(given, new SplittableRandom(1));
        cutMix(1).apply(given, new SplittableRandom(1));

        assertThat(given.inputs().get(0).floats())
                .isEqualTo(batch().inputs().get(0).floats());
    }

    @Test
    void cut_mix_takes_what_mixup_gives() {
        Batch out = cutMix(1).apply(mixup(1).apply(batch(), new SplittableRandom(1)), new SplittableRandom(2));

        assertThat(out.targets().get(0).shape()).isEqualTo(Shape.of(SIZE, 5));
    }

    @Test
    void without_probability_nothing_is_mixed() {
        Batch out = new Mixup(1, 0).apply(batch(), new SplittableRandom(1));

        assertThat(out.inputs().get(0).floats())
                .isEqualTo(batch().inputs().get(0).floats());
        assertThat(out.targets().get(0).floats()).containsOnly(0, 1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.2, 1, 4})
    void shares_have_the_mean_and_the_variance_of_the_beta_distribution(double alpha) {
        SplittableRandom random = new SplittableRandom(1);
        double sum = 0;
        double squares = 0;
        int count = 40_000;
        for (int i = 0; i < count; i++) {
            double x = Beta.draw(alpha, random);
            assertThat(x).isBetween(0.0, 1.0);
            sum += x;
            squares += (x - 0.5) * (x - 0.5);
        }
        assertThat(sum / count).isCloseTo(0.5, Offset.offset(0.01));
        assertThat(squares / count).isCloseTo(1 / (4 * (2 * alpha + 1)), Offset.offset(0.004));
    }

    @Test
    void token_ids_cannot_be_mixed() {
        Column ids = Column.of(Field.ids("tokens", Shape.of(4)), SIZE);
        Batch text = new Batch(List.of(ids), batch().targets(), SIZE);

        assertThatThrownBy(() -> mixup(1).apply(text, new SplittableRandom(1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("mixup: expected FLOAT32 values to mix, received ids in the field \"tokens\"");
    }
}

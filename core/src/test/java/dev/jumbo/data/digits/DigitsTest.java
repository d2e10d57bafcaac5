package dev.jumbo.data.digits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.Row;
import dev.jumbo.data.image.ImageDataset;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DigitsTest {
    @Test
    void the_same_seed_draws_the_same_images_and_another_seed_others() {
        Digits once = Digits.draw(50, 20, 1);

        assertThat(Digits.draw(50, 20, 1).train().fingerprint())
                .isEqualTo(once.train().fingerprint());
        assertThat(Digits.draw(50, 20, 2).train().fingerprint())
                .isNotEqualTo(once.train().fingerprint());
        assertThat(once.test().fingerprint())
                .isNotEqualTo(Digits.draw(20, 0, 1).train().fingerprint());
    }

    /** The figures of the README and every digits run depend on these bytes: change the drawing, and say so there. */
    @Test
    void every_machine_draws_these_bytes() {
        assertThat(Digits.draw(100, 20, 0).test().fingerprint())
                .isEqualTo("634c37f46376808635203f1ca1b49396c7f100fec9ae2b8cd53e813cd4170a9e");
    }

    @Test
    void an_image_depends_on_its_index_alone() {
        ImageDataset few = Digits.draw(10, 0, 3).train();
        ImageDataset many = Digits.draw(40, 5, 3).train();
        for (int i = 0; i < 10; i++) {
            assertThat(pixels(many, i)).isEqualTo(pixels(few, i));
        }
    }

    @Test
    void images_are_grey_28_by_28_with_dark_ink_inside_the_paper() {
        ImageDataset data = Digits.draw(500, 0, 0).train();

        assertThat(data.inputs().get(0).shape()).isEqualTo(Shape.of(1, 28, 28));
        int[] classes = new int[10];
        for (int i = 0; i < 500; i++) {
            float[] image = pixels(data, i);
            double ink = 0;
            float darkest = 0;
            float border = 0;
            for (int k = 0; k < image.length; k++) {
                ink += image[k] / 255;
                darkest = Math.max(darkest, image[k]);
                boolean edge = k < 28 || k >= 27 * 28 || k % 28 == 0 || k % 28 == 27;
                border += edge ? image[k] / 255 : 0;
            }
            assertThat(darkest).isGreaterThan(150);
            assertThat(ink).isBetween(10.0, 300.0);
            assertThat(border).isLessThan(12);
            classes[label(data, i)]++;
        }
        assertThat(IntStream.of(classes).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(25, 80));
    }

    /** Independent of our own training: the nearest of 3,000 examples mostly has the right class, but not always. */
    @Test
    void can_be_learned_but_is_not_trivial() {
        Digits digits = Digits.draw(3000, 200, 0);
        float[][] known = new float[3000][];
        for (int i = 0; i < known.length; i++) {
            known[i] = pixels(digits.train(), i);
        }
        int right = 0;
        for (int i = 0; i < 200; i++) {
            float[] image = pixels(digits.test(), i);
            double best = Double.MAX_VALUE;
            int nearest = 0;
            for (int j = 0; j < known.length; j++) {
                double distance = 0;
                for (int k = 0; k < image.length; k++) {
                    distance += (image[k] - known[j][k]) * (image[k] - known[j][k]);
                }
                if (distance < best) {
                    best = distance;
                    nearest = j;
                }
            }
            right += label(digits.train(), nearest) == label(digits.test(), i) ? 1 : 0;
        }
        assertThat(right).isBetween(160, 197);
    }

    @Test
    void rejects_counts_that_make_no_sense() {
        assertThatThrownBy(() -> Digits.draw(-1, 0, 0))
                .isInstanceOf(InputException.class)
                .hasMessage("digits: expected 0 to 1000000 examples, received -1");
    }

    private static float[] pixels(ImageDataset data, int index) {
        Row row = Row.single(data);
        data.read(index, row);
        return row.floats(0);
    }

    private static int label(ImageDataset data, int index) {
        Row row = Row.single(data);
        data.read(index, row);
        return (int) row.longs(1)[0];
    }
}

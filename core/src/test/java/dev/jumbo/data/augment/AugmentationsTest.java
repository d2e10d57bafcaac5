package dev.jumbo.data.augment;

import static dev.jumbo.data.augment.Augmentations.affine;
import static dev.jumbo.data.augment.Augmentations.colorJitter;
import static dev.jumbo.data.augment.Augmentations.crop;
import static dev.jumbo.data.augment.Augmentations.cutout;
import static dev.jumbo.data.augment.Augmentations.elastic;
import static dev.jumbo.data.augment.Augmentations.flip;
import static dev.jumbo.data.augment.Augmentations.noise;
import static dev.jumbo.data.augment.Augmentations.randAugment;
import static dev.jumbo.data.augment.Augmentations.rotation;
import static dev.jumbo.data.augment.Augmentations.shift;
import static dev.jumbo.data.augment.Augmentations.sometimes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.data.Augmentation;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AugmentationsTest {
    private static final Shape COLOUR = Shape.of(3, 12, 9);

    static Stream<Augmentation> all() {
        return Stream.of(
                shift(3),
                crop(4),
                new Crop(4, true),
                flip(),
                new Flip(1, 1),
                rotation(30),
                affine(12, 0.15, 10, 2.5),
                new Affine(12, 0.15, 10, 2.5, 34, 4),
                elastic(34, 4),
                noise(20),
                colorJitter(0.3, 0.3),
                cutout(5),
                randAugment(3, 9),
                Augmentations.of(shift(1), noise(2)),
                sometimes(0.5, cutout(3)));
    }

    @ParameterizedTest
    @MethodSource("all")
    void the_same_stream_gives_the_same_image_whatever_went_before(Augmentation augmentation) {
        float[] first = image();
        augmentation.apply(first, 0, COLOUR, new SplittableRandom(7));
        augmentation.apply(new float[2 * 30 * 30], 0, Shape.of(2, 30, 30), new SplittableRandom(9));
        float[] again = image();
        augmentation.apply(again, 0, COLOUR, new SplittableRandom(7));

        assertThat(again).isEqualTo(first);
    }

    @ParameterizedTest
    @MethodSource("all")
    void values_stay_within_0_to_255_and_neighbours_untouched(Augmentation augmentation) {
        int size = (int) COLOUR.elements();
        for (int seed = 0; seed < 200; seed++) {
            float[] batch = new float[3 * size];
            Arrays.fill(batch, -1);
            System.arraycopy(image(), 0, batch, size, size);

            augmentation.apply(batch, size, COLOUR, new SplittableRandom(seed));

            for (int i = 0; i < batch.length; i++) {
                if (i < size || i >= 2 * size) {
                    assertThat(batch[i]).isEqualTo(-1);
                } else {
                    assertThat(batch[i]).isBetween(0f, 255.01f);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void changes_something_now_and_then(Augmentation augmentation) {
        boolean changed = false;
        for (int seed = 0; seed < 20; seed++) {
            float[] values = image();
            augmentation.apply(values, 0, COLOUR, new SplittableRandom(seed));
            changed |= !Arrays.equals(values, image());
        }
        assertThat(changed).isTrue();
    }

    @ParameterizedTest
    @MethodSource("all")
    void files_can_name_it_and_describe_each_component(Augmentation augmentation) {
        assertThat(augmentation.getClass()).hasAnnotation(Kind.class);
        assertThat(augmentation.getClass().getRecordComponents())
                .allSatisfy(component ->
                        assertThat(component.isAnnotationPresent(Doc.class)).isTrue());
    }

    @Test
    void a_shift_moves_by_each_number_of_pixels_equally_often() {
        int[] counts = new int[7];
        for (int seed = 0; seed < 7000; seed++) {
            float[] rows = new float[49];
            rows[24] = 1; // the centre
            shift(3).apply(rows, 0, Shape.of(1, 7, 7), new SplittableRandom(seed));
            for (int i = 0; i < 49; i++) {
                counts[i % 7] += (int) rows[i];
            }
        }
        assertThat(IntStream.of(counts).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(850, 1150));
    }

    @Test
    void a_crop_with_reflection_continues_the_image_about_its_border_pixels() {
        float[] values = {1, 2, 3, 4};

        Pixels.mine().move(values, 0, Shape.of(1, 1, 4), 2, 0, true);

        assertThat(values).containsExactly(3, 2, 1, 2);
    }

    @Test
    void a_flip_along_both_axes_is_half_a_turn() {
        float[] values = {1, 2, 3, 4, 5, 6};

        new Flip(1, 1).apply(values, 0, Shape.of(1, 2, 3), new SplittableRandom(1));

        assertThat(values).containsExactly(6, 5, 4, 3, 2, 1);
    }

    @Test
    void noise_has_the_asked_standard_deviation() {
        float[] values = new float[100_000];
        Arrays.fill(values, 128);

        noise(10).apply(values, 0, Shape.of(1, 100, 1000), new SplittableRandom(1));

        double mean = mean(values);
        double squares = 0;
        for (float value : values) {
            squares += (value - mean) * (value - mean);
        }
        assertThat(mean).isCloseTo(128, Offset.offset(0.2));
        assertThat(Math.sqrt(squares / values.length)).isCloseTo(10, Offset.offset(0.2));
    }

    @Test
    void brightness_multiplies_and_contrast_stretches_about_the_mean() {
        float[] values = {10, 20, 30, 200};

        Tone.brightness(values, 0, 4, 1.5f);
        assertThat(values).containsExactly(15, 30, 45, 255);

        float[] grey = {100, 110, 120, 130};
        Tone.contrast(grey, 0, 4, 2);
        assertThat(grey).containsExactly(85, 105, 125, 145);
    }

    @Test
    void solarize_posterize_and_autocontrast_are_as_their_names_say() {
        float[] values = {0, 100, 200, 255};
        Tone.solarize(values, 0, 4, 128);
        assertThat(values).containsExactly(0, 100, 55, 0);

        float[] bits = {0, 17, 200.7f, 255};
        Tone.posterize(bits, 0, 4, 4);
        assertThat(bits).containsExactly(0, 16, 192, 240);

        float[] flat = {50, 100, 75, 50};
        Tone.autoContrast(flat, 0, 4);
        assertThat(flat).containsExactly(0, 255, 127.5f, 0);
    }

    @Test
    void cutout_clears_one_square_in_all_channels() {
        Shape shape = Shape.of(2, 20, 20);
        List<Integer> cleared = new ArrayList<>();
        for (int seed = 0; seed < 300; seed++) {
            float[] values = new float[800];
            Arrays.fill(values, 1);
            cutout(6).apply(values, 0, shape, new SplittableRandom(seed));
            assertThat(Arrays.copyOfRange(values, 400, 800)).isEqualTo(Arrays.copyOf(values, 400));
            cleared.add(400 - (int) (400 * mean(Arrays.copyOf(values, 400)) + 0.5));
        }
        assertThat(cleared).allMatch(count -> count >= 9 && count <= 36).contains(36);
    }

    @Test
    void sometimes_is_as_often_as_its_probability() {
        int changed = 0;
        for (int seed = 0; seed < 2000; seed++) {
            float[] values = {1, 2};
            sometimes(0.3, new Flip(1, 0)).apply(values, 0, Shape.of(1, 1, 2), new SplittableRandom(seed));
            changed += values[0] == 2 ? 1 : 0;
        }
        assertThat(changed).isBetween(540, 660);
    }

    @Test
    void affine_draws_rotations_over_its_whole_range() {
        // A bar to the right of the centre; its centre of mass shows the angle.
        Shape shape = Shape.of(1, 41, 41);
        double least = 90;
        double most = -90;
        double sum = 0;
        int count = 500;
        for (int seed = 0; seed < count; seed++) {
            float[] values = new float[41 * 41];
            for (int x = 25; x < 38; x++) {
                values[20 * 41 + x] = 255;
            }
            affine(20, 0, 0, 0).apply(values, 0, shape, new SplittableRandom(seed));
            double mx = 0;
            double my = 0;
            for (int i = 0; i < values.length; i++) {
                mx += values[i] * (i % 41 - 20);
                my += values[i] * (i / 41 - 20);
            }
            double angle = Math.toDegrees(Math.atan2(my, mx));
            least = Math.min(least, angle);
            most = Math.max(most, angle);
            sum += angle;
        }
        assertThat(least).isBetween(-20.3, -19.0);
        assertThat(most).isBetween(19.0, 20.3);
        assertThat(sum / count).isCloseTo(0, Offset.offset(1.6));
    }

    @Test
    void rejects_ranges_that_make_no_sense() {
        assertThatThrownBy(() -> affine(-1, 0, 0, 0))
                .isInstanceOf(InputException.class)
                .hasMessage("affine: rotation: expected a number from 0 to 180, received -1");
        assertThatThrownBy(() -> noise(Double.NaN)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> rotation(10).apply(new float[4], 0, Shape.of(4), new SplittableRandom(1)))
                .isInstanceOf(InputException.class)
                .hasMessage("rotation: expected images of shape [channels, height, width], received [4]");
    }

    private static float[] image() {
        return ResamplerTest.random((int) COLOUR.elements(), 11);
    }

    private static double mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}

package dev.jumbo.data.augment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.tensor.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ResamplerTest {
    private static final Offset<Float> CLOSE = Offset.offset(0.02f); // of 255: floats at coordinates up to 30

    @Test
    void the_identity_changes_nothing() {
        Shape shape = Shape.of(2, 5, 7);
        float[] values = random(70, 1);
        float[] before = values.clone();

        Resampler.mine().apply(values, 0, shape, SourceMap.identity(), null);

        assertThat(values).isEqualTo(before);
    }

    @Test
    void a_quarter_turn_is_exact() {
        Shape shape = Shape.of(1, 3, 3);
        float[] values = {1, 2, 3, 4, 5, 6, 7, 8, 9};

        Resampler.mine().apply(values, 0, shape, SourceMap.of(shape, 90, 1, 0, 0, 0), null);

        // Clockwise: the left column, read upwards, becomes the top row.
        assertThat(values).containsExactly(new float[] {7, 4, 1, 8, 5, 2, 9, 6, 3}, Offset.offset(1e-4f));
    }

    @Test
    void a_shift_by_whole_pixels_is_exact_and_brings_in_zeros() {
        Shape shape = Shape.of(1, 2, 3);
        float[] values = {1, 2, 3, 4, 5, 6};

        Resampler.mine().apply(values, 0, shape, SourceMap.of(shape, 0, 1, 0, 1, -1), null);

        assertThat(values).containsExactly(0, 4, 5, 0, 0, 0);
    }

    @Test
    void any_affine_map_agrees_with_the_definition_of_bilinear_sampling() {
        SplittableRandom draws = new SplittableRandom(5);
        for (int i = 0; i < 50; i++) {
            int height = 1 + draws.nextInt(30);
            int width = 1 + draws.nextInt(30);
            double rotation = draws.nextDouble(-180, 180);
            double scale = draws.nextDouble(0.3, 3);
            double shear = draws.nextDouble(-40, 40);
            double tx = draws.nextDouble(-9, 9);
            double ty = draws.nextDouble(-9, 9);
            float[] image = random(height * width, i);
            float[] expected = SlowReference.affine(image, height, width, rotation, scale, shear, tx, ty);
            // A second channel and an offset, to see that neither disturbs.
            float[] values = new float[3 + 2 * image.length];
            System.arraycopy(image, 0, values, 3, image.length);
            System.arraycopy(image, 0, values, 3 + image.length, image.length);
            Shape shape = Shape.of(2, height, width);

            Resampler.mine().apply(values, 3, shape, SourceMap.of(shape, rotation, scale, shear, tx, ty), null);

            assertThat(Arrays.copyOfRange(values, 3, 3 + image.length)).containsExactly(expected, CLOSE);
            assertThat(Arrays.copyOfRange(values, 3 + image.length, values.length))
                    .containsExactly(expected, CLOSE);
        }
    }

    @Test
    void a_field_is_added_to_the_source_coordinates() {
        int height = 20;
        int width = 17;
        Shape shape = Shape.of(1, height, width);
        float[] image = random(height * width, 3);
        float[] values = image.clone();
        ElasticField field = new ElasticField().draw(new SplittableRandom(4), height, width, 30, 3);

        Resampler.mine().apply(values, 0, shape, SourceMap.identity(), field);

        for (int y = 0; y < height; y++) {
            float[] u = new float[width];
            float[] v = new float[width];
            field.addRow(y, u, v);
            for (int x = 0; x < width; x++) {
                double expected = SlowReference.sample(image, height, width, x + u[x], y + v[x]);
                assertThat((double) values[y * width + x]).isCloseTo(expected, Offset.offset(0.02));
            }
        }
    }

    static float[] random(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextInt(256);
        }
        return values;
    }
}

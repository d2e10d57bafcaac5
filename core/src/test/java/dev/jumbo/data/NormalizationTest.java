package dev.jumbo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.train.checkpoint.Kinds;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NormalizationTest {
    private static final Field LABEL = Field.classId("label", List.of("a", "b"));

    @Test
    void rescale_divides_by_255() {
        Dataset images = images(0, 255, 51, 102);
        assertThat(apply(Normalizer.RESCALE.fit(images), 0, 255, 51, 102))
                .containsExactly(new float[] {0, 1, 0.2f, 0.4f}, within(1e-6f));
    }

    @Test
    void min_max_of_images_is_over_all_values() {
        Dataset images = images(10, 20, 30, 50);
        assertThat(apply(Normalizer.MIN_MAX.fit(images), 10, 20, 30, 50))
                .containsExactly(new float[] {0, 0.25f, 0.5f, 1}, within(1e-6f));
    }

    /** Of [1, 3] the mean is 2 and the deviation 1, of [10, 30] 20 and 10. */
    @Test
    void each_of_several_inputs_is_scaled_by_its_own_values_and_ids_stay() {
        Dataset several = ArrayDataset.of(
                List.of(
                        ArrayDataset.column(Field.ids("word", Shape.of()), new long[] {7, 9}),
                        ArrayDataset.column(Field.floats("a", Shape.of(1)), new float[] {1, 3}),
                        ArrayDataset.column(Field.doubles("b", Shape.of()), new double[] {30, 10})),
                List.of(ArrayDataset.column(LABEL, new long[] {0, 1})));
        Preprocessing fitted = Normalizer.Z_SCORE.fit(several);
        Preprocessing read = Kinds.records()
                .read(Preprocessing.class, "model.json", Kinds.records().write(Preprocessing.class, fitted));
        assertThat(read).isEqualTo(fitted);
        Batch batch = Loader.of(several)
                .inOrder()
                .preprocessing(read)
                .batchSize(2)
                .build()
                .first();
        assertThat(batch.inputs().get(0).longs()).containsExactly(7, 9);
        assertThat(batch.inputs().get(1).floats()).containsExactly(-1, 1);
        assertThat(batch.inputs().get(2).floats()).containsExactly(1, -1);
        assertThatThrownBy(() -> fitted.outputs(several.inputs().subList(0, 2)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected 3 inputs");
    }

    @Test
    void dividing_by_255_is_of_pictures_where_there_are_some() {
        Field picture = new Field("photo", Spec.floats(1, 1, 2), new Meaning.Image());
        Dataset both = ArrayDataset.of(
                List.of(
                        ArrayDataset.column(Field.floats("age", Shape.of(1)), new float[] {51}),
                        ArrayDataset.column(picture, new float[] {0, 51})),
                List.of(ArrayDataset.column(LABEL, new long[] {0})));
        Batch batch = Loader.of(both)
                .inOrder()
                .preprocessing(Normalizer.RESCALE.fit(both))
                .batchSize(1)
                .build()
                .first();
        assertThat(batch.inputs().get(0).floats()).containsExactly(51);
        assertThat(batch.inputs().get(1).floats()).containsExactly(new float[] {0, 0.2f}, within(1e-6f));
    }

    @Test
    void a_constant_channel_is_shifted_to_0_although_the_sum_of_its_values_is_rounded() {
        float[] values = new float[27];
        Arrays.fill(values, 0.1f);
        Dataset grey = ArrayDataset.of(Field.floats("image", Shape.of(1, 3, 9)), values, LABEL, new long[] {1});
        Normalization fitted = Normalization.zScore(grey);
        assertThat(fitted.scale()).containsExactly(1.0);
        assertThat(apply(fitted, values)[0]).isCloseTo(0, within(1e-6f));
    }

    @Test
    void per_channel_gives_every_channel_mean_0_and_deviation_1() {
        Dataset images = images(10, 20, 300, 500);
        assertThat(apply(Normalizer.PER_CHANNEL.fit(images), 10, 20, 300, 500))
                .containsExactly(new float[] {-1, 1, -1, 1}, within(1e-6f));
    }

    /** Expected values by scikit-learn: StandardScaler().fit_transform([[1, 1e6], [2, 1e6 + 1], [4, 1e6 + 3]]). */
    @Test
    void z_score_of_vectors_is_per_feature_as_in_scikit_learn() {
        Dataset vectors = ArrayDataset.of(
                Field.floats("x", Shape.of(2)), new float[] {1, 1e6f, 2, 1e6f + 1, 4, 1e6f + 3}, LABEL, new long[] {
                    0, 1, 0
                });
        Normalization fitted = Normalization.zScore(vectors);
        assertThat(fitted.scale().get(0)).isCloseTo(1 / 1.247219128924647, within(1e-9));
        assertThat(fitted.scale().get(1)).isCloseTo(1 / 1.247219128924647, within(1e-9));
        float[] out = new float[2];
        fitted.apply(new float[] {4, 1e6f}, 0, out, 0);
        assertThat(out[0]).isCloseTo(1.33630621f, within(1e-6f));
    }

    @Test
    void a_constant_feature_becomes_0_and_missing_values_stay_missing() {
        Dataset vectors = ArrayDataset.of(
                Field.floats("x", Shape.of(2)), new float[] {7, 1, 7, Float.NaN, 7, 3}, LABEL, new long[] {0, 1, 0});
        Normalization fitted = Normalization.zScore(vectors);
        assertThat(apply(fitted, 7, Float.NaN)).containsExactly(0, Float.NaN);
        assertThat(apply(fitted, 7, 3)).containsExactly(0, 1);
    }

    @Test
    void input_and_output_may_be_the_same_array_at_an_offset() {
        Normalization halves = new Normalization(2, List.of(0.5), List.of(1.0));
        float[] values = {9, 2, 4, 9};
        halves.apply(values, 1, values, 1);
        assertThat(values).containsExactly(9, 2, 3, 9);
    }

    @Test
    void rejects_inputs_of_another_size_than_fitted_on() {
        Normalization fitted = Normalization.rescale(images(1, 2, 3, 4));
        assertThatThrownBy(() -> fitted.outputs(List.of(Field.floats("x", Shape.of(3)))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected 4 values")
                .hasMessageContaining("received 3");
    }

    @Test
    void rejects_scales_that_do_not_divide_the_values() {
        assertThatThrownBy(() -> new Normalization(5, List.of(1.0, 1.0), List.of(0.0, 0.0)))
                .isInstanceOf(InputException.class);
    }

    private static Dataset images(float... values) {
        return ArrayDataset.of(Field.floats("image", Shape.of(2, 1, 2)), values, LABEL, new long[] {1});
    }

    private static float[] apply(Preprocessing fitted, float... values) {
        float[] out = new float[values.length];
        fitted.apply(values, 0, out, 0);
        return out;
    }
}

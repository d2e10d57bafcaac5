package dev.jumbo.data.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Row;
import dev.jumbo.data.Transform;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.checkpoint.Kinds;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RowNumbersTest {
    private static Dataset rows(double[] a, double... b) {
        return ArrayDataset.of(
                List.of(
                        ArrayDataset.column(Field.doubles("a", Shape.of()), a),
                        ArrayDataset.column(Field.doubles("b", Shape.of()), b)),
                List.of(ArrayDataset.column(Field.floats("y", Shape.of()), new float[a.length])));
    }

    private static float[] first(Dataset dataset, int index) {
        Row row = Row.single(dataset);
        dataset.read(index, row);
        return row.floats(0);
    }

    @Test
    void columns_are_one_vector_each_with_mean_0_and_deviation_1_and_a_missing_number_is_the_mean_and_marked() {
        Dataset raw = rows(new double[] {1, 3, Double.NaN}, 10, 30, 20);
        Dataset seen = Transformed.fitted(RawDataset.of(raw, Map.of("both", RowNumbers.columns("a", "b"))));
        assertThat(seen.inputs()).containsExactly(Field.floats("both", Shape.of(3)));
        // a: mean 2, deviation 1; b: mean 20, deviation sqrt(200 / 3)
        float spread = (float) (10 / Math.sqrt(200 / 3.0));
        assertThat(first(seen, 0)).containsExactly(-1, 0, -spread);
        assertThat(first(seen, 1)).containsExactly(1, 0, spread);
        assertThat(first(seen, 2)).containsExactly(0, 1, 0);
    }

    @Test
    void what_was_learned_comes_back_from_a_file_and_other_rows_are_scaled_by_it() {
        Dataset train = RawDataset.of(rows(new double[] {1, 3}, 10, 30), Map.of("both", RowNumbers.columns("a", "b")));
        Transform fitted = Transformed.applied(Transformed.fitted(train)).get("both");
        Transform read = Kinds.records()
                .read(
                        Transform.class,
                        "model.json",
                        Kinds.records().write(Transform.class, Objects.requireNonNull(fitted)));
        assertThat(read).isEqualTo(fitted);
        Dataset other = Transformed.of(rows(new double[] {5}, 20), Map.of("both", read));
        assertThat(first(other, 0)).containsExactly(3, 0);
    }

    @Test
    void a_number_beyond_float32_is_refused_with_its_column() {
        Dataset train = RawDataset.of(rows(new double[] {1, 3}, 10, 30), Map.of("both", RowNumbers.columns("a", "b")));
        Map<String, Transform> fitted = Transformed.applied(Transformed.fitted(train));
        Dataset other = Transformed.of(rows(new double[] {1}, 1e300), fitted);
        assertThatThrownBy(() -> first(other, 0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("row 0: both: expected a number of the size of those in training for b");
    }

    @Test
    void what_is_no_single_number_is_refused() {
        assertThatThrownBy(() -> RawDataset.of(
                        ArrayDataset.of(
                                Field.floats("x", Shape.of(2)),
                                new float[4],
                                Field.classId("y", List.of()),
                                new long[2]),
                        Map.of("x", RowNumbers.columns())))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected fields of one number each, received x [2]");
        assertThatThrownBy(() -> RowNumbers.columns("a", "a"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected different columns");
    }
}

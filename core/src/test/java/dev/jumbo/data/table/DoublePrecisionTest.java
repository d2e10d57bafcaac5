package dev.jumbo.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.data.ArrayDataset;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.data.Normalization;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.table.encode.TableDataset;
import dev.jumbo.data.table.encode.TableEncoder;
import dev.jumbo.data.table.encode.TableLayout;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Columns that float32 would round, beside scikit-learn's scalers in double. */
class DoublePrecisionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "unix_seconds",
                "unix_milliseconds",
                "far_from_zero",
                "cents_of_millions",
                "small",
                "large",
                "constant",
                "with_gaps"
            })
    void a_column_is_scaled_as_scikit_learn_does_in_double(String name) throws IOException {
        JsonNode expected = fixture().get(name);
        double[] raw = doubles(expected.get("raw"));
        for (TableEncoder.Scaling scaling : List.of(TableEncoder.Scaling.Z_SCORE, TableEncoder.Scaling.MIN_MAX)) {
            TableEncoder encoder = new TableEncoder(scaling, 16, List.of(), TableEncoder.Fill.MEAN, false, 1);
            Dataset rows = table(raw);
            float[] received = first(rows, encoder.fit(rows, layout(raw), List.of()));
            double[] right = doubles(expected.get(scaling == TableEncoder.Scaling.Z_SCORE ? "z_score" : "min_max"));
            for (int i = 0; i < raw.length; i++) {
                if (!Double.isNaN(right[i])) {
                    assertThat(received[i]).as("%s, row %d", scaling, i).isCloseTo((float) right[i], within(2e-7f));
                }
            }
        }
    }

    @Test
    void times_in_seconds_stay_as_many_values_as_they_are() {
        double[] times = IntStream.range(0, 100)
                .mapToDouble(i -> 1_700_000_000 + 10.0 * i)
                .toArray();
        Dataset rows = table(times);
        float[] scaled = first(rows, TableEncoder.standard().fit(rows, layout(times), List.of()));
        assertThat(IntStream.range(0, 100).mapToObj(i -> scaled[i]).distinct()).hasSize(100);
    }

    @ParameterizedTest
    @ValueSource(strings = {"unix_seconds", "far_from_zero", "cents_of_millions"})
    void vectors_of_double_are_normalised_as_scikit_learn_does(String name) throws IOException {
        JsonNode expected = fixture().get(name);
        double[] raw = doubles(expected.get("raw"));
        Dataset vectors = ArrayDataset.of(
                List.of(ArrayDataset.column(Field.doubles("x", Shape.of(1)), raw)),
                List.of(ArrayDataset.column(Field.classId("y", List.of("a")), new long[raw.length])));
        float[] received = first(vectors, Normalization.zScore(vectors));
        double[] right = doubles(expected.get("z_score"));
        for (int i = 0; i < raw.length; i++) {
            assertThat(received[i]).isCloseTo((float) right[i], within(2e-7f));
        }
    }

    @Test
    void a_field_of_doubles_reaches_the_network_as_float32_also_without_preprocessing() {
        Dataset vectors = ArrayDataset.of(
                List.of(ArrayDataset.column(Field.doubles("x", Shape.of(1)), new double[] {0.1, 0.2})),
                List.of(ArrayDataset.column(Field.doubles("y", Shape.of()), new double[] {0.3, 0.4})));
        try (Loader.Epoch batches = Loader.of(vectors).build().epoch(0)) {
            Batch batch = batches.next();
            assertThat(batch.inputs().get(0).field().dtype()).isEqualTo(DType.FLOAT32);
            assertThat(batch.inputs().get(0).floats()).containsExactly(0.1f, 0.2f);
            assertThat(batch.targets().get(0).floats()).containsExactly(0.3f, 0.4f);
        }
    }

    private static TableLayout layout(double[] raw) {
        return TableLayout.of(source(raw), Map.of("y", ColumnType.CATEGORY), "y");
    }

    private static Table source(double[] raw) {
        String[] classes = new String[raw.length];
        Arrays.setAll(classes, i -> i % 2 == 0 ? "a" : "b");
        return Table.of(List.of("x", "y"), List.of(NumberColumn.of(raw.clone()), TextColumn.of(classes)));
    }

    private static Dataset table(double[] raw) {
        return TableDataset.of(source(raw), layout(raw));
    }

    /** The first feature of each row, as a batch has it. */
    private static float[] first(Dataset rows, Preprocessing preprocessing) {
        Loader loader = Loader.of(rows)
                .batchSize(rows.size())
                .preprocessing(preprocessing)
                .build();
        try (Loader.Epoch batches = loader.epoch(0)) {
            return batches.next().inputs().get(0).floats().clone();
        }
    }

    private static double[] doubles(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToDouble(v -> v.isNull() ? Double.NaN : v.asDouble())
                .toArray();
    }

    private static JsonNode fixture() throws IOException {
        try (InputStream in = Objects.requireNonNull(
                DoublePrecisionTest.class.getResourceAsStream("/fixtures/tables/scaling.json"))) {
            return new ObjectMapper().readTree(in);
        }
    }
}

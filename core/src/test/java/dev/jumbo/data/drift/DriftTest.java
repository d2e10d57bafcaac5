package dev.jumbo.data.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.data.clean.Columns;
import dev.jumbo.data.table.NumberColumn;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The oracle is scipy. */
class DriftTest {
    private static Table table(JsonNode values) {
        return values.get(0).isNumber()
                ? Table.of(List.of("x"), List.of(NumberColumn.of(JsonFixture.doubles(values))))
                : Columns.of(Columns.texts(values).toArray(new String[0]));
    }

    private static Offset<Double> near(double value) {
        return within(1e-9 * Math.max(1e-3, Math.abs(value)));
    }

    @Test
    void distances_and_p_values_are_scipys() {
        for (JsonNode each : JsonFixture.read("clean/drift")) {
            ColumnDrift drift = Drift.between(table(each.get("before")), table(each.get("now")), DriftLimits.usual())
                    .columns()
                    .get(0);
            String name = each.get("name").textValue();
            assertThat(drift.psi())
                    .as(name)
                    .isCloseTo(each.get("psi").asDouble(), near(each.get("psi").asDouble()));
            assertThat(drift.jensenShannon())
                    .as(name)
                    .isCloseTo(each.get("jensen_shannon").asDouble(), near(1));
            assertThat(drift.distance())
                    .as(name)
                    .isCloseTo(
                            each.get("distance").asDouble(),
                            near(each.get("distance").asDouble()));
            assertThat(drift.pValue())
                    .as(name)
                    .isCloseTo(
                            each.get("p_value").asDouble(),
                            near(each.get("p_value").asDouble()));
            assertThat(drift.newShare()).isCloseTo(each.path("new_share").asDouble(0), within(1e-12));
            assertThat(drift.drifted()).as(name).isEqualTo(each.get("psi").asDouble() > 0.2);
        }
    }

    @Test
    void missing_values_columns_of_one_table_and_keys_are_told() {
        String[] before = IntStream.range(0, 40).mapToObj(i -> "id" + i).toArray(String[]::new);
        String[] now = IntStream.range(100, 140).mapToObj(i -> "id" + i).toArray(String[]::new);
        assertThat(Drift.between(Columns.of(before), Columns.of(now), DriftLimits.usual())
                        .columns()
                        .get(0)
                        .kind())
                .isEqualTo("key");
        ColumnDrift missing = Drift.between(Columns.of("1", "2"), Columns.of("1", null), DriftLimits.usual())
                .columns()
                .get(0);
        assertThat(missing.reasons()).singleElement().asString().contains("missing 50.0 %");
        Drift drift = Drift.between(
                Table.of(List.of("a", "b"), List.of(NumberColumn.of(1), NumberColumn.of(1))),
                Table.of(List.of("a", "c"), List.of(NumberColumn.of(1), NumberColumn.of(1))),
                DriftLimits.usual());
        assertThat(drift.drifted()).isTrue();
        assertThat(drift.text()).contains("b is in the first table alone").contains("c is in the second table alone");
        assertThatThrownBy(() -> Drift.between(Columns.of(), Columns.of("1"), DriftLimits.usual()))
                .isInstanceOf(InputException.class);
    }

    @Test
    void dates_are_compared_as_numbers() {
        String[] before = IntStream.range(1, 29)
                .mapToObj(i -> String.format("2020-01-%02d", i))
                .toArray(String[]::new);
        String[] now = IntStream.range(1, 29)
                .mapToObj(i -> String.format("2021-01-%02d", i))
                .toArray(String[]::new);
        ColumnDrift drift = Drift.between(Columns.of(before), Columns.of(now), DriftLimits.usual())
                .columns()
                .get(0);
        assertThat(drift.kind()).isEqualTo("date");
        assertThat(drift.distance()).isEqualTo(1);
    }
}

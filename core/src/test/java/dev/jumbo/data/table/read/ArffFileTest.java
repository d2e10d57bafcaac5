package dev.jumbo.data.table.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.SharedData;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArffFileTest {
    @TempDir
    Path dir;

    @Test
    void reads_the_rows_that_scipy_reads() throws IOException {
        JsonNode right;
        try (InputStream in =
                Objects.requireNonNull(ArffFileTest.class.getResourceAsStream("/fixtures/tables/arff.json"))) {
            right = new ObjectMapper().readTree(in);
        }
        Table table = read(right.get("text").asText());
        assertThat(table.names()).hasSize(4);
        assertThat(table.rows()).isEqualTo(right.get("rows").size());
        for (int c = 0; c < 4; c++) {
            assertThat(table.names().get(c)).isEqualTo(right.get("names").get(c).asText());
            for (int row = 0; row < table.rows(); row++) {
                JsonNode value = right.get("rows").get(row).get(c);
                if (value.isNumber()) {
                    assertThat(table.columns().get(c).number(row)).isEqualTo(value.asDouble());
                } else {
                    assertThat(table.text(row, c)).isEqualTo(value.isNull() ? null : value.asText());
                }
            }
        }
    }

    @Test
    void iris_and_housing_have_their_published_rows() {
        Path tables = SharedData.require("tables");
        assertThat(ArffFile.of(tables.resolve("iris.arff"))
                        .read(Quarantine.counting())
                        .rows())
                .isEqualTo(150);
        Table housing = ArffFile.of(tables.resolve("cal_housing.arff.gz")).read(Quarantine.counting());
        assertThat(housing.rows()).isEqualTo(20_640);
        assertThat(housing.names()).hasSize(9).endsWith("medianHouseValue");
    }

    @Test
    void what_does_not_fit_is_malformed_or_refused() throws IOException {
        assertThatThrownBy(() -> read("a,b\n1,2\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("@attribute");
        assertThatThrownBy(() -> read("@attribute a real\n@data\n{0 1}\n")).hasMessageContaining("sparse");
        assertThatThrownBy(() -> read("@attribute a {x,y}\n@data\nx\nz\n")).hasMessageContaining("does not list");
        assertThatThrownBy(() -> read("@attribute a real\n@data\n1,2\n"))
                .hasMessageContaining("expected 1 fields, received 2");
        assertThatThrownBy(() -> read("@attribute a string\n@data\n'x\n")).hasMessageContaining("not closed");
        assertThat(List.of(String.valueOf(
                        read("@attribute a string\n@data\n'it\\'s, so'\n").text(0, 0))))
                .containsExactly("it's, so");
    }

    private Table read(String text) throws IOException {
        return ArffFile.of(Files.writeString(dir.resolve("a.arff"), text)).read(Quarantine.counting());
    }
}

package dev.jumbo.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.config.YamlFile;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.error.InputException;
import dev.jumbo.train.checkpoint.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableWeightTest {
    private static final String YAML = """
            train: {csv: {path: PATH}}
            target: left
            weight: counts
            """;

    @TempDir
    Path dir;

    private DataParts load(String rows, String yaml) throws IOException {
        Path csv = Files.writeString(dir.resolve("t.csv"), rows);
        return Kinds.records()
                .read(TableData.class, YamlFile.parse("t.yaml", yaml.replace("PATH", csv.toString())))
                .load(null, dir);
    }

    @Test
    void a_column_of_weights_is_no_input_and_goes_with_its_rows() throws IOException {
        DataParts parts = load("paid,counts,left\n1,0.5,no\n3,2,yes\n5,0,no\n", YAML);
        Dataset train = parts.train();
        assertThat(train.inputs().get(0).elements()).isEqualTo(1);
        assertThat(train.isWeighted()).isTrue();
        assertThat(new double[] {train.weight(0), train.weight(1), train.weight(2)})
                .containsExactly(0.5, 2, 0);
        assertThat(train.sourceRow(1)).isPositive();
    }

    @Test
    void a_weight_that_is_none_is_refused_with_its_row() {
        assertThatThrownBy(() -> load("paid,counts,left\n1,0.5,no\n3,-2,yes\n", YAML))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received \"-2\"")
                .hasMessageContaining("in row");
        assertThatThrownBy(() -> load("paid,counts,left\n1,,no\n3,2,yes\n", YAML))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received no value");
        assertThatThrownBy(() -> load("paid,count,left\n1,2,no\n3,2,yes\n", YAML))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("count");
    }
}

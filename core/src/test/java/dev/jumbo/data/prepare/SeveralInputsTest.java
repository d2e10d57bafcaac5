package dev.jumbo.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.config.YamlFile;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Field;
import dev.jumbo.data.Loader;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.table.encode.RowReader;
import dev.jumbo.data.table.encode.TableEncoding;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensors;
import dev.jumbo.train.checkpoint.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables whose columns are several inputs of a model, or several targets. */
class SeveralInputsTest {
    private static final String ROWS = "age,work,paid,fare,left\n10,a,1,5.5,no\n20,b,3,2.5,yes\n30,a,5,1.5,no\n";
    private static final String TWO = """
            train: {csv: {path: PATH}}
            inputs: {money: [paid], person: [work, age]}
            targets: [left, fare]
            encode: {numbers: none}
            """;

    @TempDir
    Path dir;

    private TableData data(String yaml) throws IOException {
        Path csv = Files.writeString(dir.resolve("t.csv"), ROWS);
        return Kinds.records().read(TableData.class, YamlFile.parse("t.yaml", yaml.replace("PATH", csv.toString())));
    }

    @Test
    void columns_of_a_group_are_one_input_and_each_target_has_an_output() throws IOException {
        DataParts parts = data(TWO).load(null, dir);
        TableEncoding encoding =
                (TableEncoding) Objects.requireNonNull(parts.fit()).apply(parts.train());
        assertThat(parts.train().targets()).extracting(Field::name).containsExactly("left", "fare");
        assertThat(parts.train().targets().get(0).classes()).containsExactly("no", "yes");
        assertThat(Field.specs(encoding.outputs(parts.train().inputs())).byName())
                .hasToString("{money=[1], person=[3]}");
        try (Scope scope = Scope.open();
                Loader.Epoch batches = Loader.of(parts.train())
                        .batchSize(3)
                        .preprocessing(encoding)
                        .build()
                        .epoch(0)) {
            Batch batch = batches.next();
            Tensors inputs = batch.tensors();
            assertThat(inputs.require("money").shape()).isEqualTo(Shape.of(3, 1));
            assertThat(inputs.require("money").toFloats()).containsExactly(1, 3, 5);
            // work as one of a and b, then age.
            assertThat(inputs.require("person").toFloats()).containsExactly(1, 0, 10, 0, 1, 20, 1, 0, 30);
            assertThat(batch.targets().get(1).floats()).containsExactly(5.5f, 2.5f, 1.5f);
        }
    }

    @Test
    void a_row_to_predict_names_columns_as_ever_and_none_of_the_targets() throws IOException {
        DataParts parts = data(TWO).load(null, dir);
        TableEncoding encoding =
                (TableEncoding) Objects.requireNonNull(parts.fit()).apply(parts.train());
        RowReader reader = new RowReader(encoding);
        assertThat(reader.columns()).containsExactlyInAnyOrder("paid", "work", "age");
        RowReader.Read read = reader.read(List.of(Map.of("age", 20, "work", "b", "paid", 3)));
        assertThat(read.refused()).isEmpty();
        assertThat(read.row(0)).containsExactly(3, 1, 20);
        assertThat(reader.read(List.of(Map.of("age", 20, "work", "b")))
                        .refused()
                        .get(0))
                .contains("no column \"paid\"");
    }

    @Test
    void an_encoding_is_read_from_its_file_again() throws IOException {
        DataParts parts = data(TWO).load(null, dir);
        TableEncoding encoding =
                (TableEncoding) Objects.requireNonNull(parts.fit()).apply(parts.train());
        String json = Kinds.records().write(TableEncoding.class, encoding).toString();
        assertThat(Kinds.records().read(TableEncoding.class, YamlFile.parse("e.json", json)))
                .isEqualTo(encoding);
    }

    private void refused(String from, String to, String message) {
        assertThatThrownBy(() -> data(TWO.replace(from, to)).load(null, dir))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message);
    }

    @Test
    void groups_name_every_input_column_once() {
        refused("person: [work, age]", "person: [work]", "received none for [age]");
        refused("person: [work, age]", "person: [work, age, paid]", "received \"paid\" again in person");
        refused("person: [work, age]", "person: [work, aeg]", "\"aeg\" is no input column (did you mean \"age\"?)");
        refused("person: [work, age]", "person: [work, age, fare]", "\"fare\" is no input column");
        refused("person: [work, age]", "person: [work, age], none: []", "inputs.none: expected one column or more");
        refused("targets: [left, fare]", "targets: [left, left]", "expected different columns");
        refused("targets: [left, fare]", "target: fare\ntargets: [left, fare]", "received both");
        refused("targets: [left, fare]", "targets: [left, far]", "did you mean \"fare\"?");
    }
}

package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.table.CategoryFeature;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.NumberFeature;
import dev.jumbo.data.table.TableEncoding;
import dev.jumbo.data.table.TableLayout;
import dev.jumbo.error.InputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableRowsTest {
    private final TableRows rows = new TableRows(new TableEncoding(
            new TableLayout(
                    List.of(
                            new TableLayout.Input("age", ColumnType.NUMBER, List.of()),
                            new TableLayout.Input("plan", ColumnType.CATEGORY, List.of("basic", "gold"))),
                    new TableLayout.Target("left", List.of("no", "yes"))),
            List.of("", "?"),
            List.of(
                    new NumberFeature(40, false, 1, 0, List.of(), false),
                    new CategoryFeature(List.of(0, 1), 2, -1, 3))));

    @Test
    void reads_an_object_by_name_in_any_order_and_ignores_other_columns() {
        assertThat(object("{\"left\": \"no\", \"plan\": \"gold\", \"age\": 39.5, \"id\": 7}"))
                .containsExactly(39.5f, 1);
    }

    @Test
    void null_and_the_tables_own_words_are_missing_and_a_new_category_is_not_known() {
        assertThat(object("{\"age\": null, \"plan\": \"silver\"}")).containsExactly(Double.NaN, -1);
        assertThat(object("{\"age\": \"?\", \"plan\": null}")).containsExactly(Double.NaN, Double.NaN);
    }

    @Test
    void a_row_that_was_read_is_written_as_the_object_it_was() {
        String row = "{\"age\":null,\"plan\":\"gold\"}";
        assertThat(rows.object(object(row))).hasToString(row);
    }

    @Test
    void a_column_that_is_not_there_is_named_with_the_nearest_given() {
        assertThatThrownBy(() -> object("{\"age\": 1, \"plans\": \"gold\"}"))
                .isInstanceOf(InputException.class)
                .hasMessage("no column \"plan\", but \"plans\"; null where it is missing");
        assertThatThrownBy(() -> object("{\"age\": \"old\", \"plan\": null}"))
                .hasMessage("expected a number for age, received \"old\"");
        assertThatThrownBy(() -> object("{\"age\": [1], \"plan\": null}")).hasMessageContaining("column age");
        assertThatThrownBy(() -> object("{\"age\": 1, \"age\": 2}")).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> object("[1, 2]")).hasMessageContaining("expected a JSON object");
    }

    @Test
    void rows_of_a_csv_file_have_the_names_of_their_lines_and_errors_too(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("c.csv"), "plan,age\nbasic,30\n\ngold,\n");

        assertThat(rows.csv(file)).containsOnlyKeys(file + ":2", file + ":4");
        assertThat(rows.csv(file).get(file + ":4")).containsExactly(Double.NaN, 1);

        Files.writeString(file, "plan,age\nbasic,30\nbasic,x\n");
        assertThatThrownBy(() -> rows.csv(file)).hasMessage(file + ":3: expected a number for age, received \"x\"");
        Files.writeString(file, "plan,age\nbasic\n");
        assertThatThrownBy(() -> rows.csv(file)).hasMessageContaining("line 2: expected 2 fields, received 1");
    }

    private double[] object(String json) {
        return rows.object(json.getBytes(StandardCharsets.UTF_8));
    }
}

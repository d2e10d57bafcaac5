package dev.jumbo.data.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.SharedData;
import dev.jumbo.data.table.ColumnProfile;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.NumberColumn;
import dev.jumbo.data.table.Numbers;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TextColumn;
import dev.jumbo.data.table.encode.TableDataset;
import dev.jumbo.data.table.encode.TableLayout;
import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.data.table.read.Quarantine;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableProfileTest {
    @TempDir
    Path dir;

    @Test
    void titanic_has_the_gaps_and_ranges_that_pandas_finds() throws IOException {
        Table table =
                CsvFile.of(SharedData.require("tables").resolve("titanic.csv")).read(Quarantine.counting());
        JsonNode expected = fixture().get("titanic");
        for (TableProfile.Column column :
                TableProfile.of(table, Map.of(), "Survived").columns()) {
            JsonNode right = expected.get(column.name());
            ColumnProfile counts = column.counts();
            assertThat(counts.missing())
                    .as(column.name())
                    .isEqualTo(right.get("missing").asLong());
            assertThat(counts.distinct())
                    .as(column.name())
                    .isEqualTo(right.get("distinct").asLong());
            assertThat(counts.texts() == 0).isEqualTo(right.get("numeric").asBoolean());
            if (right.get("numeric").asBoolean()) {
                assertThat(counts.min()).isEqualTo(right.get("min").asDouble());
                assertThat(counts.max()).isEqualTo(right.get("max").asDouble());
            }
        }
    }

    @Test
    void names_tickets_and_keys_are_named_and_names_do_not_become_thousands_of_inputs() {
        Table table =
                CsvFile.of(SharedData.require("tables").resolve("titanic.csv")).read(Quarantine.counting());
        TableProfile profile = TableProfile.of(table, Map.of("Survived", ColumnType.CATEGORY), "Survived");
        assertThat(profile.warnings())
                .anyMatch(w -> w.startsWith("PassengerId: ") && w.contains("key"))
                .anyMatch(w -> w.startsWith("Name: left out: 891 different texts"))
                .anyMatch(w -> w.startsWith("Ticket: left out: 681 different texts"))
                .anyMatch(w -> w.contains("columns: {PassengerId: ignore, Name: ignore, Ticket: ignore"));
        assertThat(TableLayout.of(table, Map.of("Survived", ColumnType.CATEGORY), "Survived").inputs().stream()
                        .map(TableLayout.Input::name))
                .containsExactly("PassengerId", "Pclass", "Sex", "Age", "SibSp", "Parch", "Fare", "Embarked");
        assertThat(TableProfile.of(table, Map.of("Name", ColumnType.CATEGORY), "Survived")
                        .warnings())
                .anyMatch(w -> w.startsWith("Name: 891 different texts in 891 rows become 891 inputs"));
    }

    @Test
    void texts_are_missing_exactly_where_pandas_takes_them_for_missing() throws IOException {
        StringBuilder csv = new StringBuilder("text,row\n");
        List<Boolean> expected = new ArrayList<>();
        for (JsonNode token : fixture().get("tokens")) {
            csv.append('"').append(token.get(0).asText()).append("\",1\n");
            expected.add(token.get(1).asBoolean());
        }
        CsvFile file = CsvFile.of(Files.writeString(dir.resolve("tokens.csv"), csv));
        Table table = file.read(Quarantine.counting());
        assertThat(IntStream.range(0, table.rows()).mapToObj(row -> table.text(row, 0) == null))
                .containsExactlyElementsOf(expected);
        Table all = file.withMissing().read(Quarantine.counting());
        assertThat(IntStream.range(0, all.rows()).noneMatch(row -> all.text(row, 0) == null))
                .isTrue();
    }

    @Test
    void infinity_is_read_as_pandas_reads_it() throws IOException {
        List<String> texts = List.of("inf", "-inf", "Infinity", "+inf", "INF", "-infinity", "1e999", "1");
        JsonNode expected = fixture().get("infinite");
        for (int i = 0; i < texts.size(); i++) {
            double right = expected.get(i).asText().equals("inf")
                    ? Double.POSITIVE_INFINITY
                    : expected.get(i).asText().equals("-inf") ? Double.NEGATIVE_INFINITY : 1;
            assertThat(Numbers.parse(texts.get(i))).as(texts.get(i)).isEqualTo(right);
        }
    }

    @Test
    void one_cell_that_is_no_number_among_sixty_is_named_and_never_makes_a_category() {
        for (String odd : List.of("$12", "twelve", "1,5", "12 oz", "-")) {
            Table table = numbersWith(odd);
            assertThatThrownBy(() -> TableLayout.of(table, Map.of("y", ColumnType.CATEGORY), "y"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("x: 59 of 60 values are numbers, 1 is not: row 31 \"" + odd + "\"")
                    .hasMessageContaining("numbers: {columns: [x]}")
                    .hasMessageContaining("columns: {x: category}");
            assertThat(TableProfile.of(table, Map.of(), "y").text()).contains("row 31 \"" + odd + "\"");
        }
        assertThatThrownBy(() -> TableLayout.of(numbersWith("$12"), Map.of(), "y"))
                .hasMessageContaining("parse_number: {columns: [x]}");
        assertThatThrownBy(() -> TableLayout.of(numbersWith("$12"), Map.of("y", ColumnType.IGNORE), "x"))
                .hasMessageContaining("row 31");
    }

    @Test
    void infinity_is_named_with_the_keys_that_mend_it() {
        assertThatThrownBy(() -> TableLayout.of(numbersWith("inf"), Map.of("y", ColumnType.CATEGORY), "y"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("x: expected finite numbers, received row 31 \"inf\"")
                .hasMessageContaining("outliers: {columns: [x], action: clip}");
    }

    @Test
    void a_number_said_of_a_column_of_words_is_refused_with_the_cells() {
        Table table = Table.of(
                List.of("c", "y"),
                List.of(TextColumn.of("red", "green", "3", null), TextColumn.of("a", "b", "a", "b")));
        assertThatThrownBy(() -> TableLayout.of(table, Map.of("c", ColumnType.NUMBER), "y"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("c: 1 of 3 values are numbers, 2 are not: row 1 \"red\", row 2 \"green\"");
        assertThatThrownBy(() -> TableLayout.of(table, Map.of("c", ColumnType.BOOLEAN), "y"))
                .hasMessageContaining("c: expected true, false, yes, no");
    }

    @Test
    void a_cell_of_another_table_that_does_not_fit_its_column_is_no_missing_value() {
        Table train = numbersWith("7");
        TableLayout layout = TableLayout.of(train, Map.of("y", ColumnType.CATEGORY), "y");
        assertThatThrownBy(() -> TableDataset.of(numbersWith("seven"), layout))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "expected a finite number in each row of x as in training, received row 31 \"seven\"");
    }

    @Test
    void columns_that_give_the_target_away_are_named() {
        int rows = 200;
        double[] copy = new double[rows];
        double[] noise = new double[rows];
        String[] code = new String[rows];
        String[] target = new String[rows];
        for (int i = 0; i < rows; i++) {
            boolean yes = i * 7919 % 10 < 4;
            copy[i] = (yes ? 1000 : 0) + i * 37 % 101 / 10.0;
            noise[i] = i * 7907 % 211 / 10.0;
            code[i] = yes ? "paid" : i % 2 == 0 ? "open" : "late";
            target[i] = yes ? "yes" : "no";
        }
        Table table = Table.of(
                List.of("copy", "noise", "code", "target"),
                List.of(NumberColumn.of(copy), NumberColumn.of(noise), TextColumn.of(code), TextColumn.of(target)));
        assertThat(TableProfile.of(table, Map.of(), "target").warnings())
                .anyMatch(w -> w.startsWith("copy: gives the target away"))
                .anyMatch(w -> w.startsWith("code: gives the target away"))
                .noneMatch(w -> w.startsWith("noise: "));
        assertThat(TableProfile.of(table, Map.of(), "copy").warnings()).noneMatch(w -> w.startsWith("noise: "));
        Table prices = table.with(
                "noise",
                NumberColumn.of(IntStream.range(0, rows)
                        .mapToDouble(i -> 3 * copy[i] - 1)
                        .toArray()));
        assertThat(TableProfile.of(prices, Map.of(), "copy").warnings())
                .anyMatch(w -> w.startsWith("noise: gives the target away"));
    }

    @Test
    void the_best_column_of_iris_is_no_leak_and_a_constant_is_named() {
        Table table = Table.of(
                List.of("petal", "same", "class"),
                List.of(
                        NumberColumn.of(IntStream.range(0, 150)
                                .mapToDouble(i -> i / 50 + (i * 31 % 50) / 45.0)
                                .toArray()),
                        NumberColumn.of(new double[150]),
                        TextColumn.of(IntStream.range(0, 150)
                                .mapToObj(i -> "class" + i / 50)
                                .toArray(String[]::new))));
        assertThat(TableProfile.of(table, Map.of(), "class").warnings())
                .singleElement()
                .asString()
                .startsWith("same: the same value in every row");
    }

    @Test
    void a_column_of_nothing_but_numbers_may_be_said_to_be_a_category() {
        Table table = Table.of(
                List.of("class", "y"), List.of(NumberColumn.of(3, 1, 2, 3, 1, 3), NumberColumn.of(1, 2, 3, 4, 5, 6)));
        Map<String, ColumnType> types = Map.of("class", ColumnType.CATEGORY);
        assertThat(TableProfile.of(table, types, "y").warnings()).noneMatch(w -> w.startsWith("class: "));
        assertThat(TableLayout.of(table, types, "y").inputs())
                .singleElement()
                .satisfies(input -> assertThat(input.type()).isEqualTo(ColumnType.CATEGORY));
    }

    /** Sixty numbers, one cell of which is replaced. */
    private static Table numbersWith(String odd) {
        String[] x = IntStream.range(0, 60)
                .mapToObj(i -> i == 30 ? odd : String.valueOf(i * 3 % 17))
                .toArray(String[]::new);
        String[] y =
                IntStream.range(0, 60).mapToObj(i -> i % 2 == 0 ? "a" : "b").toArray(String[]::new);
        return Table.of(List.of("x", "y"), List.of(TextColumn.of(x), TextColumn.of(y)));
    }

    private static JsonNode fixture() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(TableProfileTest.class.getResourceAsStream("/fixtures/tables/profile.json"))) {
            return new ObjectMapper().readTree(in);
        }
    }
}

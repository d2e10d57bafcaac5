package dev.jumbo.data.table.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.RowCleaner;
import dev.jumbo.data.clean.dates.DatePart;
import dev.jumbo.data.clean.dates.DateParts;
import dev.jumbo.data.clean.dates.ParseDate;
import dev.jumbo.data.clean.steps.Action;
import dev.jumbo.data.clean.steps.MissingTokens;
import dev.jumbo.data.clean.steps.MissingValues;
import dev.jumbo.data.clean.steps.NormalizeText;
import dev.jumbo.data.clean.steps.ParseNumber;
import dev.jumbo.data.clean.steps.ValidRange;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.NumberMarks;
import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.error.InputException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RowReaderTest {
    private static final TableLayout LAYOUT = new TableLayout(
            List.of(
                    new TableLayout.Input("age", ColumnType.NUMBER, List.of()),
                    new TableLayout.Input("plan", ColumnType.CATEGORY, List.of("basic", "gold"))),
            new TableLayout.Target("left", List.of("no", "yes")));
    private static final TableEncoding ENCODING = new TableEncoding(
            LAYOUT,
            List.of("", "?"),
            List.of(
                    new NumberFeature(40, false, 1, 0, List.of(), false),
                    new CategoryFeature(List.of(0, 1), 2, -1, 3)));

    @Test
    void reads_an_object_by_name_in_any_order_and_ignores_other_columns() {
        assertThat(values(ENCODING, "{\"left\": \"no\", \"plan\": \"gold\", \"age\": 39.5, \"id\": 7}"))
                .containsExactly(39.5, 1);
    }

    @Test
    void null_and_the_tables_own_words_are_missing_and_a_new_category_is_told() {
        assertThat(values(ENCODING, "{\"age\": null, \"plan\": \"silver\"}")).containsExactly(Double.NaN, -1);
        assertThat(values(ENCODING, "{\"age\": \"?\", \"plan\": null}")).containsExactly(Double.NaN, Double.NaN);
        assertThat(read(ENCODING, "{\"age\": 1, \"plan\": \"silver\"}")
                        .warnings()
                        .get(0))
                .containsExactly(
                        "training had no \"silver\" in plan (it had basic, gold): taken as one of its rare values");
    }

    @Test
    void a_column_that_is_not_there_is_named_with_the_nearest_given() {
        assertThat(refusal("{\"age\": 1, \"plans\": \"gold\"}"))
                .isEqualTo("no column \"plan\", but \"plans\"; null where it is missing");
        assertThat(refusal("{\"age\": \"old\", \"plan\": null}"))
                .isEqualTo("expected a number for age, received \"old\"");
        assertThatThrownBy(() -> json("{\"age\": [1], \"plan\": null}")).hasMessageContaining("column age");
        assertThatThrownBy(() -> json("{\"age\": 1, \"age\": 2}")).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> json("[1, 2]")).hasMessageContaining("row 0: expected a JSON object");
        assertThatThrownBy(() -> json("[]")).hasMessageContaining("at least one object");
        assertThatThrownBy(() -> json("{} x")).isInstanceOf(InputException.class);
    }

    @Test
    void one_bad_row_of_a_list_does_not_touch_the_others() {
        RowReader.Read read = read(
                ENCODING,
                "[{\"age\": 1, \"plan\": \"gold\"}, {\"age\": \"x\", \"plan\": \"gold\"}, {\"age\": 3, \"plan\": \"basic\"}]");
        assertThat(read.refused()).containsOnlyKeys(1);
        assertThat(read.row(0)).containsExactly(1, 1);
        assertThat(read.row(2)).containsExactly(3, 0);
    }

    @Test
    void a_number_is_the_category_that_is_this_number_however_it_is_written() {
        TableEncoding encoding = new TableEncoding(
                new TableLayout(
                        List.of(new TableLayout.Input("class", ColumnType.CATEGORY, List.of("1", "2.0", "true"))),
                        new TableLayout.Target("y", List.of())),
                List.of(""),
                List.of(new CategoryFeature(List.of(0, 1, 2), -1, -1, 3)));
        assertThat(values(encoding, "{\"class\": 1.0}")).containsExactly(0);
        assertThat(values(encoding, "{\"class\": 2}")).containsExactly(1);
        assertThat(values(encoding, "{\"class\": true}")).containsExactly(2);
        assertThat(values(encoding, "{\"class\": 3}")).containsExactly(-1);
        assertThat(values(encoding, "{\"class\": \"1.0\"}")).containsExactly(-1);
    }

    @Test
    void what_cleaning_did_to_single_rows_is_done_again() {
        RowCleaner cleaner = RowCleaner.of(
                List.of(
                        new NormalizeText(List.of("plan"), true, true, true),
                        new MissingValues(MissingValues.Fill.CONSTANT, List.of("age"), "33"),
                        ValidRange.numbers("age", 0, 120, Action.DROP)),
                "left");
        TableEncoding encoding =
                ENCODING.of(List.of("id", "plan", "age", "left"), CsvFile.of(Path.of("a.csv")), cleaner);
        assertThat(values(encoding, "{\"plan\": \"  GOLD \", \"age\": null}")).containsExactly(33, 1);
        assertThat(read(encoding, "{\"plan\": \"gold\", \"age\": 999}")
                        .refused()
                        .get(0))
                .contains("refused, as in training, by range");
        assertThat(Objects.requireNonNull(encoding.format()).path()).isEqualTo(Path.of("-"));
    }

    @Test
    void a_number_of_json_is_that_number_whatever_the_decimal_mark_of_the_texts_is() {
        ParseNumber comma = ParseNumber.of("age").withMarks(",", null);
        ParseNumber decided = ParseNumber.of("age").fitted(Map.of("age", NumberMarks.COMMA));
        for (ParseNumber step : List.of(comma, decided)) {
            TableEncoding encoding = ENCODING.of(
                    List.of("plan", "age", "left"), CsvFile.of(Path.of("a.csv")), RowCleaner.of(List.of(step), "left"));
            assertThat(values(encoding, "{\"plan\": \"gold\", \"age\": 80.125}"))
                    .containsExactly(80.125, 1);
            assertThat(values(encoding, "{\"plan\": \"gold\", \"age\": 1e3}")).containsExactly(1000, 1);
            assertThat(values(encoding, "{\"plan\": \"gold\", \"age\": \"80,125\"}"))
                    .containsExactly(80.125, 1);
            assertThat(values(encoding, "{\"plan\": \"gold\", \"age\": \"80.125\"}"))
                    .containsExactly(80125, 1);
            Map<String, Object> row = Map.of("plan", "gold", "age", new BigDecimal("42.866"));
            assertThat(new RowReader(encoding).read(List.of(row)).row(0)).containsExactly(42.866, 1);
        }
    }

    @Test
    void a_text_that_is_no_date_is_refused_and_not_taken_for_a_missing_one() {
        List<CleaningStep> steps = List.of(
                ParseDate.of("born", List.of("%d.%m.%Y")),
                new MissingTokens(List.of("unknown"), List.of("born")),
                DateParts.of("born", DatePart.YEAR));
        TableEncoding encoding = new TableEncoding(
                        new TableLayout(
                                List.of(new TableLayout.Input("born_year", ColumnType.NUMBER, List.of())),
                                new TableLayout.Target("left", List.of("no", "yes"))),
                        List.of(""),
                        List.of(new NumberFeature(40, false, 1, 0, List.of(), false)))
                .of(List.of("born", "left"), CsvFile.of(Path.of("a.csv")), RowCleaner.of(steps, "left"));
        assertThat(values(encoding, "{\"born\": \"28.02.1990\"}")).containsExactly(1990);
        assertThat(values(encoding, "{\"born\": null}")).containsExactly(Double.NaN);
        assertThat(values(encoding, "{\"born\": \"\"}")).containsExactly(Double.NaN);
        assertThat(values(encoding, "{\"born\": \"unknown\"}")).containsExactly(Double.NaN);
        RowReader.Read read =
                read(encoding, "[{\"born\": \"31.02.1990\"}, {\"born\": \"01.01.2001\"}, {\"born\": \"egal\"}]");
        assertThat(read.refused()).containsOnlyKeys(0, 2);
        assertThat(read.refused().get(0))
                .isEqualTo(
                        "expected a date for born written as %d.%m.%Y, received \"31.02.1990\"; null or nothing where"
                                + " it is missing");
    }

    @Test
    void the_form_of_the_training_file_is_kept_whole() {
        CsvFile file = CsvFile.of(Path.of("a.csv")).withNamesInstead(List.of("plan", "age", "left"));
        assertThat(ENCODING.of(List.of(), file, RowCleaner.of(List.of(), "left"))
                        .format())
                .isEqualTo(file.withPath(Path.of("-")));
        assertThat(file.withPath(Path.of("b.csv"))
                        .withDelimiter(";")
                        .withCharset("UTF-16")
                        .header())
                .isEqualTo(file.header());
    }

    @Test
    void a_step_that_reads_a_column_without_which_it_would_do_nothing_asks_for_it() {
        RowCleaner cleaner = RowCleaner.of(List.of(new NormalizeText(List.of("id"), true, true, true)), "left");
        TableEncoding encoding =
                ENCODING.of(List.of("id", "plan", "age", "left"), CsvFile.of(Path.of("a.csv")), cleaner);
        assertThatThrownBy(() -> read(encoding, "{\"plan\": \"gold\", \"age\": 1}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the cleaning of training needs a column")
                .hasMessageContaining("id");
        assertThat(read(encoding, "[{\"plan\": \"gold\", \"age\": 1, \"id\": 4}, {\"plan\": \"gold\", \"age\": 1}]")
                        .refused())
                .containsOnlyKeys(1);
    }

    private static double[] values(TableEncoding encoding, String json) {
        RowReader.Read read = read(encoding, json);
        read.requireAll(row -> "");
        return read.values();
    }

    private static String refusal(String json) {
        return String.valueOf(read(ENCODING, json).refused().get(0));
    }

    private static RowReader.Read read(TableEncoding encoding, String json) {
        return new RowReader(encoding).read(json(json));
    }

    private static List<? extends Map<String, ?>> json(String json) {
        return RowJson.read(json.getBytes(StandardCharsets.UTF_8)).rows();
    }
}

package dev.jumbo.data.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.data.profile.TableProfile;
import dev.jumbo.data.table.encode.TableDataset;
import dev.jumbo.data.table.encode.TableLayout;
import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.data.table.read.JsonLines;
import dev.jumbo.data.table.read.Malformed;
import dev.jumbo.data.table.read.ParquetFile;
import dev.jumbo.data.table.read.Quarantine;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that pandas and pyarrow wrote, beside what they read in them (src/test/python/odd_tables.py). */
class OddTablesTest {
    @TempDir
    Path dir;

    @Test
    void parquet_timestamps_of_every_unit_are_iso_8601_as_parse_date_writes_it() throws Exception {
        Table table = parquet();
        for (String name : List.of("seconds", "micros", "nanos", "berlin")) {
            JsonNode right = expected().get("times").get(name);
            for (int row = 0; row < table.rows(); row++) {
                assertThat(table.column(name).text(row))
                        .as(name)
                        .isEqualTo(right.get(row).asText());
            }
        }
    }

    @Test
    void durations_are_numbers_with_their_unit_said() throws Exception {
        List<String> warnings = TableProfile.of(parquet(), Map.of(), "y").warnings();
        assertThat(expected().get("units").get("took").asText()).isEqualTo("timedelta64[us]");
        assertThat(expected().get("units").get("took_ms").asText()).isEqualTo("timedelta64[ms]");
        assertThat(warnings)
                .contains("took: its numbers are durations in microseconds")
                .contains("took_ms: its numbers are durations in milliseconds");
    }

    @Test
    void lists_structs_and_maps_are_refused_until_something_is_said_of_them() throws Exception {
        Table table = parquet();
        assertThatThrownBy(() -> TableLayout.of(table, Map.of(), "y"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("list: lists (DOUBLE[])")
                .hasMessageContaining("struct: structs (STRUCT(a BIGINT))")
                .hasMessageContaining("map: maps (MAP(VARCHAR, BIGINT))")
                .hasMessageContaining("columns: {list: ignore}");
        TableLayout layout = TableLayout.of(
                table, Map.of("list", ColumnType.IGNORE, "struct", ColumnType.TEXT, "map", ColumnType.CATEGORY), "y");
        assertThat(layout.inputs().stream().map(TableLayout.Input::name))
                .contains("map")
                .doesNotContain("list", "struct");
        Path lines = Files.writeString(
                dir.resolve("n.jsonl"),
                "{\"a\": 1, \"y\": 1}\n{\"a\": [1, 2], \"y\": 2}\n{\"a\": {\"k\": 1}, \"y\": 3}\n");
        Table json = JsonLines.of(lines).read(Quarantine.counting());
        assertThatThrownBy(() -> TableLayout.of(json, Map.of(), "y"))
                .hasMessageContaining("a: lists of JSON, the first in line 2");
        assertThat(TableProfile.of(json, Map.of(), null).warnings())
                .anyMatch(w -> w.contains("a: lists of JSON, the first in line 2"));
    }

    @Test
    void whole_numbers_that_become_one_double_are_warned_of_with_their_exact_range() throws Exception {
        assertRounded(parquet().column("id"), expected().get("ids"));
        JsonNode odd = expected().get("odd_ids");
        String[] ids = LongStream.range(0, 100)
                .mapToObj(i -> Long.toString((1L << 53) + 1 + 2 * i))
                .toArray(String[]::new);
        assertRounded(TextColumn.of(ids), odd);
        assertThat(profile(TextColumn.of("0.1", "0.10000000000000001", "0.2", "5.00", "1e3", "1000"))
                        .text())
                .doesNotContain("rounding");
    }

    private static void assertRounded(TableColumn column, JsonNode right) {
        TableProfile profile = profile(column);
        assertThat(profile.warnings())
                .contains(String.format(
                        "x: %d values are %d after rounding to double (%s to %s); an id? write columns: {x: ignore} or"
                                + " category",
                        right.get("distinct").asInt(),
                        right.get("rounded").asInt(),
                        right.get("min").asText(),
                        right.get("max").asText()));
        assertThat(profile.columns().get(0).counts().distinct())
                .isEqualTo(right.get("distinct").asLong());
        assertThat(profile.text())
                .contains(right.get("min").asText() + " to " + right.get("max").asText());
    }

    @Test
    void zero_and_minus_zero_are_one_value() throws Exception {
        String[] zeros = IntStream.range(0, 12)
                .mapToObj(i -> i % 3 == 0 ? "0" : i % 3 == 1 ? "-0" : "0.0")
                .toArray(String[]::new);
        TableProfile profile = profile(TextColumn.of(zeros));
        assertThat(profile.columns().get(0).counts().distinct())
                .isEqualTo(expected().get("zeros").asLong());
        assertThat(profile.warnings()).anyMatch(w -> w.startsWith("x: the same value in every row"));
    }

    @Test
    void a_target_that_is_the_same_in_every_row_is_warned_of() {
        for (String[] values : List.of(new String[] {"5", "5", "5.0"}, new String[] {"0", "-0", "0"})) {
            Table table = Table.of(List.of("x", "t"), List.of(NumberColumn.of(1, 2, 4), TextColumn.of(values)));
            assertThat(TableProfile.of(table, Map.of(), "t").warnings())
                    .anyMatch(w -> w.startsWith("t: the target is the same in every row"))
                    .noneMatch(w -> w.contains("may be classes"));
        }
        Table words =
                Table.of(List.of("x", "t"), List.of(NumberColumn.of(1, 2, 4), TextColumn.of("yes", "yes", "yes")));
        assertThat(TableProfile.of(words, Map.of(), "t").warnings())
                .anyMatch(w -> w.startsWith("t: the target is the same in every row"));
    }

    @Test
    void an_empty_column_of_texts_is_not_called_a_number() throws Exception {
        assertThat(TableProfile.of(parquet(), Map.of(), "y").text().lines().filter(l -> l.startsWith("  none ")))
                .hasSize(1)
                .allMatch(line -> line.contains("no value") && !line.contains("number"));
    }

    @Test
    void truth_values_are_the_same_categories_and_classes_from_every_source() throws Exception {
        StringBuilder csv = new StringBuilder("flag,x\n");
        StringBuilder spreadsheet = new StringBuilder("flag,x\n");
        StringBuilder json = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            csv.append(i % 3 == 0 ? "True," : "False,").append(i).append('\n');
            spreadsheet.append(i % 3 == 0 ? "TRUE," : "FALSE,").append(i).append('\n');
            json.append("{\"flag\": ")
                    .append(i % 3 == 0)
                    .append(", \"x\": ")
                    .append(i)
                    .append("}\n");
        }
        Table flags =
                new ParquetFile(resource("odd.parquet"), "select flag, y as x from data").read(Quarantine.counting());
        List<Table> tables = List.of(
                flags,
                CsvFile.of(Files.writeString(dir.resolve("a.csv"), csv)).read(Quarantine.counting()),
                CsvFile.of(Files.writeString(dir.resolve("b.csv"), spreadsheet)).read(Quarantine.counting()),
                JsonLines.of(Files.writeString(dir.resolve("a.jsonl"), json)).read(Quarantine.counting()));
        for (Table table : tables) {
            TableLayout target = TableLayout.of(table, Map.of(), "flag");
            assertThat(target.target().classes()).containsExactly("false", "true");
            TableLayout.Input input =
                    TableLayout.of(table, Map.of(), "x").inputs().get(0);
            assertThat(input).isEqualTo(new TableLayout.Input("flag", ColumnType.CATEGORY, List.of("false", "true")));
            for (String text : List.of("true", "True", "TRUE")) {
                assertThat(input.raw(text)).isEqualTo(1);
            }
            assertThat(input.raw("yes")).isEqualTo(-1);
            for (Table other : tables) {
                assertThat(TableDataset.of(other, target).size()).isEqualTo(60);
            }
        }
        assertThat(new TableLayout.Input("flag", ColumnType.CATEGORY, List.of("False", "True")).raw("true"))
                .as("a model of earlier days")
                .isEqualTo(1);
    }

    @Test
    void keys_that_only_some_lines_have_are_columns_as_in_pandas() throws Exception {
        JsonNode right = expected().get("json");
        Quarantine malformed = Quarantine.counting();
        Table table = JsonLines.of(resource("odd.jsonl")).read(malformed);
        assertThat(malformed.count()).isZero();
        assertThat(table.rows()).isEqualTo(right.get("rows").asInt());
        List<String> names = new ArrayList<>();
        right.get("columns").forEach(name -> names.add(name.asText()));
        assertThat(table.names()).isEqualTo(names);
        for (String name : names) {
            TableColumn column = table.column(name);
            assertThat(IntStream.range(0, table.rows())
                            .filter(column::isMissing)
                            .count())
                    .as(name)
                    .isEqualTo(right.get("missing").get(name).asLong());
        }
        TableColumn c = table.column("c");
        assertThat(IntStream.range(0, table.rows())
                        .filter(row -> c.number(row) == Double.NEGATIVE_INFINITY)
                        .count())
                .isEqualTo(right.get("infinite").asLong());
    }

    @Test
    void what_is_wrong_with_a_line_of_json_is_named() throws IOException {
        Path file = Files.writeString(
                dir.resolve("bad.jsonl"),
                "{\"a\": 1}\n{\"a\": 1, \"a\": 2}\n{\"a\": 1} x\n{\"a\": nan}\n{\"a\": 1\n[1]\n{\"a\": {\"k\": 1, \"k\": 2}}\n");
        Quarantine malformed = Quarantine.counting();
        new JsonLines(file, List.of(), 1, 1000, 200).read(malformed);
        assertThat(malformed.samples().stream().map(Malformed::reason))
                .containsExactly(
                        "the key \"a\" twice",
                        "text behind the JSON object: \"x\"",
                        "not JSON: Unrecognized token 'nan'",
                        "not JSON: Unexpected end-of-input: expected close marker for Object",
                        "not a JSON object");
        assertThat(malformed.reasons()).containsEntry("the key \"k\" twice", 1L);
    }

    @Test
    void a_header_without_a_name_is_told_with_the_names_to_write() throws IOException {
        Path index = Files.writeString(dir.resolve("i.csv"), ",b,t\n0,1,2\n");
        assertThatThrownBy(() -> CsvFile.of(index).read(Quarantine.counting()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no name for column 1 of 3")
                .hasMessageContaining("pandas")
                .hasMessageContaining("write names: [index, b, t] and header: skip");
        Path comma = Files.writeString(dir.resolve("c.csv"), "a,b,\n0,1,\n");
        assertThatThrownBy(() -> CsvFile.of(comma).read(Quarantine.counting()))
                .hasMessageContaining("no name for column 3 of 3 (the line ends with a delimiter)")
                .hasMessageContaining("names: [a, b, column_3]");
        Path twice = Files.writeString(dir.resolve("t.csv"), "a,a,a_2\n0,1,2\n");
        assertThatThrownBy(() -> CsvFile.of(twice).read(Quarantine.counting()))
                .hasMessageContaining("the name \"a\" again for column 2")
                .hasMessageContaining("names: [a, a_2_2, a_2]");
    }

    @Test
    void a_record_with_text_behind_a_quote_is_told_with_its_own_line() throws IOException {
        StringBuilder csv = new StringBuilder("a,b\n");
        for (int i = 2; i < 103; i++) {
            csv.append(i).append(",1\n");
        }
        csv.append("\"x\"y,1\n");
        Quarantine malformed = Quarantine.counting();
        CsvFile.of(Files.writeString(dir.resolve("q.csv"), csv)).read(malformed);
        assertThat(malformed.samples().get(0).line()).isEqualTo(103);
        assertThat(malformed.samples().get(0).reason())
                .contains("behind a closing quote")
                .doesNotContain("line");
    }

    private static TableProfile profile(TableColumn column) {
        double[] y =
                IntStream.range(0, column.size()).mapToDouble(i -> i * 7 % 11).toArray();
        return TableProfile.of(Table.of(List.of("x", "y"), List.of(column, NumberColumn.of(y))), Map.of(), "y");
    }

    private static Table parquet() throws URISyntaxException {
        return ParquetFile.of(resource("odd.parquet")).read(Quarantine.counting());
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(OddTablesTest.class.getResource("/fixtures/tables/" + name))
                .toURI());
    }

    private static JsonNode expected() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(OddTablesTest.class.getResourceAsStream("/fixtures/tables/odd.json"))) {
            return new ObjectMapper().readTree(in);
        }
    }
}

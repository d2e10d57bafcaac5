package dev.jumbo.data.clean;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.data.clean.steps.ParseNumber;
import dev.jumbo.data.clean.text.Upper;
import dev.jumbo.data.table.NumberColumn;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.read.ArffFile;
import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.data.table.read.JdbcQuery;
import dev.jumbo.data.table.read.JsonLines;
import dev.jumbo.data.table.read.ParquetFile;
import dev.jumbo.data.table.read.Quarantine;
import dev.jumbo.data.table.read.TableSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The right values are the numbers that were written into each file by its own format's rules. */
class TypedNumbersTest {
    private static final String SQL =
            "select 42.866::double as d, 80.125::decimal(9, 3) as e, 9007199254740993 as i," + " '1.234,5' as t";

    @TempDir
    Path dir;

    @Test
    void numbers_of_parquet_a_database_json_and_arff_are_not_read_again_with_the_decimal_mark_of_texts()
            throws Exception {
        Path parquet = dir.resolve("a.parquet");
        String url = "jdbc:duckdb:" + dir.resolve("a.db");
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute("copy (" + SQL + ") to '" + parquet + "' (format parquet)");
        }
        Path json = Files.writeString(
                dir.resolve("a.jsonl"),
                "{\"d\": 42.866, \"e\": 80.125, \"i\": 9007199254740993, \"t\": \"1.234,5\"}\n");
        Path arff = Files.writeString(dir.resolve("a.arff"), """
                @relation a
                @attribute d numeric
                @attribute e REAL
                @attribute i integer
                @attribute t string
                @data
                42.866,80.125,9007199254740993,'1.234,5'
                """);
        for (TableSource source : List.of(
                ParquetFile.of(parquet), new JdbcQuery(url, SQL, "", "", 10), JsonLines.of(json), ArffFile.of(arff))) {
            Table read = source.read(Quarantine.counting());
            ParseNumber step = ParseNumber.of("d", "e", "i", "t");
            for (ParseNumber each : List.of(step, step.withMarks(",", null))) {
                Table clean = new Cleaner(List.of(new Upper(List.of("d", "t")), each), 3)
                        .clean(read)
                        .table();
                assertThat(List.of(
                                String.valueOf(clean.text(0, 0)),
                                String.valueOf(clean.text(0, 1)),
                                String.valueOf(clean.text(0, 2)),
                                String.valueOf(clean.text(0, 3))))
                        .as(source.toString())
                        .containsExactly("42.866", "80.125", "9007199254740993", "1234.5");
            }
        }
    }

    @Test
    void texts_of_csv_are_still_read_with_the_mark_that_is_said() throws Exception {
        Path csv = Files.writeString(dir.resolve("a.csv"), "d;e\n42.866;1\n");
        Table read = CsvFile.of(csv).withDelimiter(";").read(Quarantine.counting());
        Table clean =
                Cleaner.of(ParseNumber.of("d").withMarks(",", null)).clean(read).table();
        assertThat(clean.text(0, 0)).isEqualTo("42866");
    }

    @Test
    void decimals_are_rounded_of_numbers_too_and_infinity_is_left() {
        ParseNumber two = new ParseNumber(List.of("d"), List.of(), true, 2, ",", null, true, Map.of());
        Table table = Table.of(List.of("d"), List.of(NumberColumn.of(80.125, -0.004, 3, Double.POSITIVE_INFINITY)));
        Table clean = Cleaner.of(two).clean(table).table();
        assertThat(List.of(
                        clean.columns().get(0).number(0),
                        clean.columns().get(0).number(1),
                        clean.columns().get(0).number(2),
                        clean.columns().get(0).number(3)))
                .containsExactly(80.13, 0.0, 3.0, Double.POSITIVE_INFINITY);
    }
}

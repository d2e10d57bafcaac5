package dev.jumbo.data.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.data.table.encode.TableLayout;
import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.data.table.read.JdbcQuery;
import dev.jumbo.data.table.read.JsonLines;
import dev.jumbo.data.table.read.ParquetFile;
import dev.jumbo.data.table.read.Quarantine;
import dev.jumbo.data.table.read.TableSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** 2^53 + 1 is the first whole number that a double does not hold. */
class ExactIntegersTest {
    private static final String FIRST = "9007199254740993";
    private static final String NEIGHBOUR = "9007199254740992";
    private static final String LAST = "9223372036854775807";

    @TempDir
    Path dir;

    @Test
    void whole_numbers_of_64_bits_keep_every_digit_from_every_source_and_are_written_back() throws Exception {
        Path csv = Files.writeString(dir.resolve("a.csv"), "id\n1\n" + FIRST + "\n" + NEIGHBOUR + "\n" + LAST + "\n");
        Path json = Files.writeString(
                dir.resolve("a.jsonl"),
                "{\"id\": 1}\n{\"id\": " + FIRST + "}\n{\"id\": " + NEIGHBOUR + "}\n{\"id\": " + LAST + "}\n");
        Path parquet = parquet("select unnest([1, " + FIRST + ", " + NEIGHBOUR + ", " + LAST + "])::bigint as id");
        String sql = "select * from (values (1), (" + FIRST + "), (" + NEIGHBOUR + "), (" + LAST + ")) t(id)";
        for (TableSource source : List.of(
                CsvFile.of(csv),
                JsonLines.of(json),
                ParquetFile.of(parquet),
                new JdbcQuery("jdbc:duckdb:", sql, "", "", 10))) {
            Table table = source.read(Quarantine.counting());
            for (int row = 0; row < 4; row++) {
                assertThat(table.text(row, 0))
                        .isEqualTo(List.of("1", FIRST, NEIGHBOUR, LAST).get(row));
            }
            CsvExport.write(table, dir.resolve("back.csv"));
            assertThat(Files.readAllLines(dir.resolve("back.csv"))).containsExactly("id", "1", FIRST, NEIGHBOUR, LAST);
            TableLayout layout = TableLayout.of(
                    table.plus(List.of("y"), List.of(TextColumn.of("a", "b", "a", "b"))),
                    Map.of("id", ColumnType.CATEGORY),
                    "y");
            assertThat(layout.inputs().get(0).categories()).hasSize(4);
        }
    }

    @Test
    void decimals_keep_every_digit_too() throws Exception {
        Path parquet = parquet("select unnest([0.1, 12345678901234567.89])::decimal(19, 2) as x");
        Table table = ParquetFile.of(parquet).read(Quarantine.counting());
        assertThat(table.text(0, 0)).isEqualTo("0.1");
        assertThat(table.text(1, 0)).isEqualTo("12345678901234567.89");
    }

    @Test
    void a_directory_that_looks_like_a_key_is_a_column_only_if_asked() throws Exception {
        Files.createDirectories(dir.resolve("split=train"));
        Path parquet =
                Files.move(parquet("select 1 as x"), dir.resolve("split=train").resolve("p.parquet"));
        assertThat(ParquetFile.of(parquet).read(Quarantine.counting()).names()).containsExactly("x");
        ParquetFile asked = new ParquetFile(parquet, "select * from data", List.of(), true);
        assertThat(asked.read(Quarantine.counting()).names()).containsExactly("x", "split");
    }

    @Test
    void words_for_nothing_are_missing_in_every_source() throws Exception {
        Path csv = Files.writeString(dir.resolve("b.csv"), "x,y\nNA,1\nb,2\n");
        Path json = Files.writeString(dir.resolve("b.jsonl"), "{\"x\": \"NA\"}\n{\"x\": \"b\"}\n");
        Path parquet = parquet("select unnest(['NA', 'b']) as x");
        String sql = "select * from (values ('NA'), ('b')) t(x)";
        for (TableSource source : List.of(
                CsvFile.of(csv),
                JsonLines.of(json),
                ParquetFile.of(parquet),
                new JdbcQuery("jdbc:duckdb:", sql, "", "", 10))) {
            Table table = source.read(Quarantine.counting());
            assertThat(table.text(0, 0)).as(source.name()).isNull();
            assertThat(table.text(1, 0)).isEqualTo("b");
        }
        assertThat(new JdbcQuery("jdbc:duckdb:", sql, "", "", 10, List.of())
                        .read(Quarantine.counting())
                        .text(0, 0))
                .isEqualTo("NA");
    }

    private Path parquet(String select) throws SQLException, IOException {
        Path file = dir.resolve("made.parquet");
        Files.deleteIfExists(file);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("copy (" + select + ") to '" + file + "' (format parquet)");
        }
        return file;
    }
}

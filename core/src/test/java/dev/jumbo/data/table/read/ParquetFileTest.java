package dev.jumbo.data.table.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ParquetFileTest {
    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void write() throws SQLException {
        file = dir.resolve("it's a file.parquet");
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            statement.execute("copy (select i::integer as id, i / 4 as share, 'n' || i as name, i > 1 as large,"
                    + " case when i = 2 then null else i end as gap from range(5000) t(i)) to '"
                    + file.toString().replace("'", "''") + "' (format parquet)");
        }
    }

    @Test
    void reads_numbers_texts_booleans_and_nulls() {
        Table table = ParquetFile.of(file).read(Quarantine.counting());
        assertThat(table.names()).containsExactly("id", "share", "name", "large", "gap");
        assertThat(table.rows()).isEqualTo(5000);
        assertThat(table.column("share").number(4999)).isEqualTo(1249.75);
        assertThat(table.column("name").text(3)).isEqualTo("n3");
        assertThat(table.column("large").text(1)).isEqualTo("false");
        assertThat(table.column("large").text(2)).isEqualTo("true");
        assertThat(table.column("gap").isMissing(2)).isTrue();
        assertThat(table.column("gap").text(3)).isEqualTo("3");
    }

    @Test
    void a_select_chooses_rows_and_columns() {
        Table table = new ParquetFile(
                        file, "select name, id * 2 as twice from data where id between 7 and 8 order by id")
                .read(Quarantine.counting());
        assertThat(table.names()).containsExactly("name", "twice");
        assertThat(table.column("twice").number(1)).isEqualTo(16);
    }

    @Test
    void a_select_cannot_reach_other_files_or_change_settings() throws Exception {
        Path secret = Files.writeString(dir.resolve("secret.csv"), "a\n1\n");
        for (String sql : new String[] {
            "select * from read_csv('" + secret + "')",
            "select * from read_text('" + secret + "')",
            "copy data to '" + dir.resolve("out.csv") + "'",
            "set enable_external_access = true",
            "set allowed_paths = ['" + secret + "']",
            "attach '" + dir.resolve("other.db") + "'",
            "install httpfs"
        }) {
            assertThatThrownBy(() -> new ParquetFile(file, sql).read(Quarantine.counting()))
                    .as(sql)
                    .isInstanceOf(InputException.class);
        }
        assertThat(dir.resolve("out.csv")).doesNotExist();
        assertThat(dir.resolve("other.db")).doesNotExist();
    }

    @Test
    void rejects_what_is_not_there_or_not_parquet() throws Exception {
        assertThatThrownBy(() -> ParquetFile.of(dir.resolve("no.parquet")).read(Quarantine.counting()))
                .hasMessageContaining("found none");
        Path text = Files.writeString(dir.resolve("text.parquet"), "hello");
        assertThatThrownBy(() -> ParquetFile.of(text).read(Quarantine.counting()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("text.parquet");
    }
}

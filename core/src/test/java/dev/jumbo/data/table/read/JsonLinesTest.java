package dev.jumbo.data.table.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesTest {
    @TempDir
    Path dir;

    private Path file(String text) throws IOException {
        Path file = dir.resolve("rows.jsonl");
        Files.writeString(file, text);
        return file;
    }

    @Test
    void reads_values_as_texts_and_what_is_not_there_as_missing() throws IOException {
        Path file = file("""
                {"a": "x", "b": 1.50, "c": true, "d": {"k": [1, null]}}

                {"b": 12345678901234567890, "a": null}
                """);

        Table table = JsonLines.of(file).read(Quarantine.counting());

        assertThat(table.names()).containsExactly("a", "b", "c", "d");
        assertThat(List.of(table.text(0, 0), table.text(0, 1), table.text(0, 2), table.text(0, 3)))
                .containsExactly("x", "1.50", "true", "{\"k\":[1,null]}");
        assertThat(table.text(1, 0)).isNull();
        assertThat(table.text(1, 1)).isEqualTo("12345678901234567890");
        assertThat(table.text(1, 2)).isNull();
        assertThat(table.sourceRow(1)).isEqualTo(3);
    }

    @Test
    void lines_that_are_no_rows_go_to_the_quarantine_with_their_reasons() throws IOException {
        Path file = file("{\"a\": 1}\n[1]\n{\"a\": 2, \"z\": 3}\n{\"a\": 4}}\n{\"a\": 5}\n");
        Quarantine quarantine = Quarantine.counting();

        Table table = new JsonLines(file, List.of("a"), 0.6, 1000, 200).read(quarantine);

        assertThat(table.rows()).isEqualTo(2);
        assertThat(quarantine.reasons())
                .containsEntry("not a JSON object", 1L)
                .containsEntry("text behind the JSON object: \"}\"", 1L)
                .containsEntry("a key \"z\" that is no column", 1L);
        assertThatThrownBy(() -> JsonLines.of(file).read(Quarantine.counting()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("2 of 5 records")
                .hasMessageContaining("line 2");
    }

    /** Jackson reads an exponent as an int, and does not say so by its own exception. */
    @Test
    void a_line_with_an_exponent_beyond_32_bits_goes_to_the_quarantine() throws IOException {
        Path file = file("{\"a\": 1}\n{\"a\": 1e99049999999}\n{\"a\": 2}\n");
        Quarantine quarantine = Quarantine.counting();

        Table table = new JsonLines(file, List.of("a"), 0.6, 1000, 200).read(quarantine);

        assertThat(table.rows()).isEqualTo(2);
        assertThat(quarantine.reasons()).containsOnlyKeys("a number with an exponent that is too large");
    }

    @Test
    void a_database_gives_the_rows_of_a_select_and_its_own_words_for_a_mistake() {
        String values = "select * from (values (1, 'x', 2.5), (2, null, null)) t(id, name, size) order by id";

        Table table = new JdbcQuery("jdbc:duckdb:", values, "", "", 10).read(Quarantine.counting());

        assertThat(table.names()).containsExactly("id", "name", "size");
        assertThat(table.text(0, 1)).isEqualTo("x");
        assertThat(table.text(0, 2)).isEqualTo("2.5");
        assertThat(table.text(1, 1)).isNull();
        assertThatThrownBy(() -> new JdbcQuery("jdbc:duckdb:", "selec 1", "", "", 10).read(Quarantine.counting()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("jdbc:duckdb:")
                .hasMessageContaining("selec");
    }
}

package dev.jumbo.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.data.table.read.JdbcQuery;
import dev.jumbo.spark.text.decontaminate.Decontaminate;
import dev.jumbo.text.HuggingFaceTokens;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AbsoluteTest {
    private static final String HERE = System.getProperty("user.dir");

    /** A file, and those of a map in another record of a list. */
    private record Several(List<Decontaminate> steps, Path file, int number) {}

    @Test
    void paths_in_records_lists_and_maps_travel_absolute() {
        Several given = new Several(
                List.of(Decontaminate.of(Map.of("a", Path.of("sets/a.txt"), "b", Path.of("/b.txt")))),
                Path.of("../x.csv"),
                3);

        Several travels = Absolute.of(given);

        assertThat(travels.file()).isEqualTo(Path.of(HERE).resolveSibling("x.csv"));
        assertThat(travels.number()).isEqualTo(3);
        assertThat(travels.steps().get(0).sets())
                .isEqualTo(Map.of("a", Path.of(HERE, "sets/a.txt"), "b", Path.of("/b.txt")));
    }

    @Test
    void what_has_nothing_relative_stays_the_same_object() {
        HuggingFaceTokens given = new HuggingFaceTokens(Path.of("/t/tokenizer.json"), "</s>");

        assertThat(Absolute.of(given)).isSameAs(given);
    }

    @ParameterizedTest
    @CsvSource({"jdbc:duckdb:data/x.db,data/x.db,", "jdbc:sqlite:x.db?mode=ro,x.db,?mode=ro"})
    void the_file_of_a_database_travels_absolute(String url, String file, String options) {
        String made = Absolute.of(new JdbcQuery(url, "select 1", "", "", 10)).url();

        assertThat(made).isEqualTo(url.substring(0, 12) + HERE + "/" + file + (options == null ? "" : options));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:duckdb:",
                "jdbc:sqlite::memory:",
                "jdbc:duckdb::memory:x",
                "jdbc:sqlite:/d/x.db",
                "jdbc:sqlite:file:/d/x.db",
                "jdbc:duckdb:md:x",
                "jdbc:postgresql://host/name"
            })
    void other_databases_stay(String url) {
        assertThat(Absolute.of(new JdbcQuery(url, "select 1", "", "", 10)).url())
                .isEqualTo(url);
    }
}

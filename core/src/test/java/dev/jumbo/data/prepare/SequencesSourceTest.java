package dev.jumbo.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jumbo.config.YamlFile;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Dataset;
import dev.jumbo.data.Loader;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.error.InputException;
import dev.jumbo.train.checkpoint.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class SequencesSourceTest {
    private static final String ROWS = """
            {"tokens": [5, 3, 9], "topic": "b", "tags": [1, 0, 2], "w": 2}
            {"tokens": [9007199254740993], "topic": "a", "tags": [4], "w": 0.5}
            """;

    @TempDir
    Path dir;

    private DataParts load(String rows, String more) throws IOException {
        Path file = Files.writeString(dir.resolve("rows.jsonl"), rows);
        return read("{sequences: {train: {json_lines: '" + file + "'}, vocabulary: 9007199254740994" + more + "}}");
    }

    private DataParts read(String yaml) {
        DataSource source = Kinds.records()
                .with(DataSource.class, Sources.kinds())
                .read(DataSource.class, YamlFile.parse("data.yaml", yaml));
        return source.load(null, dir);
    }

    private static Batch batch(Dataset data) {
        try (Loader.Epoch batches = Loader.of(data).batchSize(2).build().epoch(0)) {
            return batches.next();
        }
    }

    @Test
    void lists_of_ids_keep_64_bits_and_a_class_is_their_target() throws IOException {
        Dataset train = load(ROWS, ", target: topic, padding: 7, weight: w").train();
        Batch batch = batch(train);
        assertThat(batch.inputs().get(0).longs()).containsExactly(5, 3, 9, 9007199254740993L, 7, 7);
        assertThat(batch.targets().get(0).field().classes()).containsExactly("a", "b");
        assertThat(batch.targets().get(0).longs()).containsExactly(1, 0);
        assertThat(batch.weights()).containsExactly(2, 0.5);
    }

    @Test
    void a_weight_that_is_no_column_and_what_stands_behind_a_list_are_refused() throws IOException {
        assertThatThrownBy(() -> load(ROWS, ", target: topic, weight: ww"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("ww");
        for (String junk : new String[] {"[1, 2] 7", "[1, 2], 5", "[1, 2]]"}) {
            Path csv = Files.writeString(
                    dir.resolve("junk.csv"), "tokens,topic\n\"[3]\",a\n\"" + junk + "\",b\n\"[4]\",a\n");
            assertThatThrownBy(() -> read("{sequences: {train: {csv: '" + csv + "'}, vocabulary: 9, target: topic}}"))
                    .as(junk)
                    .isInstanceOf(InputException.class);
        }
    }

    @Test
    void a_target_may_be_a_list_and_is_the_next_id_where_none_is_named() throws IOException {
        Batch tags = batch(load(ROWS, ", target: tags").train());
        assertThat(tags.targets().get(0).longs()).containsExactly(1, 0, 2, 4, -100, -100);
        Batch next = batch(
                load("{\"tokens\": [5, 3, 9]}\n{\"tokens\": [1, 2]}\n", "").train());
        assertThat(next.inputs().get(0).longs()).containsExactly(5, 3, 1, 0);
        assertThat(next.targets().get(0).longs()).containsExactly(3, 9, 2, -100);
    }

    @Test
    void next_ids_may_have_as_many_steps_as_the_input() throws IOException {
        Dataset train = load("{\"tokens\": [5, 3, 9]}\n{\"tokens\": [1, 2]}\n", ", max_length: 32")
                .train();
        assertThat(train.inputs().get(0).shape())
                .isEqualTo(train.targets().get(0).shape());
        assertThat(train.inputs().get(0).shape().size(0)).isEqualTo(32);
        assertThatThrownBy(() -> load("{\"tokens\": [5]}\n", ""))
                .hasMessageContaining("the id after the first is what the model learns");
    }

    @Test
    void lists_in_parquet_are_the_same() throws IOException, SQLException {
        Path file = dir.resolve("rows.parquet");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "copy (select * from (values ([5, 3, 9]::bigint[], 'b'), ([9007199254740993]::bigint[], 'a'))"
                            + " t(tokens, topic)) to '" + file + "' (format parquet)");
        }
        Batch batch = batch(
                read("{sequences: {train: {parquet: '" + file + "'}, vocabulary: 9007199254740994, target: topic}}")
                        .train());
        assertThat(batch.inputs().get(0).longs()).containsExactly(5, 3, 9, 9007199254740993L, 0, 0);
    }

    @Test
    void what_is_no_list_of_ids_and_what_is_too_long_is_refused_with_its_row() {
        assertThatThrownBy(() -> load("{\"tokens\": [1, 2.5], \"topic\": \"a\"}\n", ", target: topic"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("in tokens, received [1")
                .hasMessageContaining("in row");
        assertThatThrownBy(() -> load(ROWS, ", target: topic, max_length: 2"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("1 of 2 are longer");
        assertThatThrownBy(() -> load("{\"tokens\": [1]}\n", ""))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a list of 2 or more ids");
    }

    @Test
    void a_damaged_line_is_left_out_and_told_with_its_count_its_file_and_where_it_went() throws IOException {
        Logger logger = (Logger) LoggerFactory.getLogger(LeftOut.class);
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        heard.start();
        logger.addAppender(heard);
        try {
            assertThat(load(ROWS.repeat(100) + "{\"tokens\": [1, 2], \"top", ", target: topic")
                            .train()
                            .size())
                    .isEqualTo(200);
        } finally {
            logger.detachAppender(heard);
        }
        assertThat(heard.list).hasSize(1);
        assertThat(heard.list.get(0).getLevel()).isEqualTo(Level.WARN);
        assertThat(heard.list.get(0).getFormattedMessage())
                .contains(
                        "1 of 201 records of",
                        "rows.jsonl could not be read and are left out",
                        "they are in " + dir.resolve("malformed-train.csv"));
    }

    @Test
    void a_mixture_in_a_file_has_its_shares() throws IOException {
        Path file = Files.writeString(dir.resolve("rows.jsonl"), ROWS);
        String part = "{dataset: {sequences: {train: {json_lines: '" + file
                + "'}, vocabulary: 9007199254740994, target: topic}}, weight: ";
        DataParts parts = read("{mix: {sources: [" + part + "3}, " + part + "1}], epoch_examples: 8}}");
        assertThat(parts.train().sampler().order(null, 0)).containsExactly(0, 1, 2, 0, 1, 0, 3, 1);
    }
}

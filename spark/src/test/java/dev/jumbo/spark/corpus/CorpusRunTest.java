package dev.jumbo.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.config.YamlFile;
import dev.jumbo.data.shards.TokenManifest;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.Directories;
import dev.jumbo.spark.LocalSpark;
import dev.jumbo.spark.corpus.report.CorpusReport;
import dev.jumbo.spark.corpus.report.StageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusRunTest {
    private static final String YAML = """
            corpus:
              inputs:
                - text: %s
              stages:
                - exact_dedup
                - gopher_quality
                - private_data
              max_document_mb: 0.005
              output:
                tokens: {tokenizer: bytes, shard_mb: %s}
            """;

    @TempDir
    private Path dir;

    /** 300 long documents, 20 of them twice, and 30 that are too short. */
    private Path corpus() throws IOException {
        List<String> lines = new ArrayList<>(Corpora.lines(300, 90, 1));
        lines.addAll(lines.subList(0, 20));
        lines.addAll(Corpora.lines(30, 8, 2));
        return Corpora.write(dir.resolve("corpus.txt"), lines);
    }

    @Test
    void large_corpora_are_shuffled_in_parts_that_fit_into_memory() {
        assertThat(CorpusRun.partitions(200, 0)).isEqualTo(200);
        assertThat(CorpusRun.partitions(200, 1L << 30)).isEqualTo(200);
        assertThat(CorpusRun.partitions(200, 1L << 40)).isEqualTo(16_384);
    }

    @Test
    void text_goes_through_filters_to_shards_and_every_document_is_accounted_for() throws IOException {
        CorpusReport report = Corpora.run(YAML.formatted(corpus(), "0.1"), dir.resolve("out"));

        StageReport read = report.stages().get(0);
        assertThat(read.read()).isEqualTo(350);
        assertThat(report.stages()).extracting(StageReport::kept).containsExactly(350L, 330L, 300L, 300L);
        assertThat(report.stages().get(1).reasons().get(0).name()).isEqualTo("exact_dedup.duplicate");
        assertThat(report.stages().get(2).reasons())
                .allSatisfy(r -> assertThat(r.samples()).isNotEmpty());
        TokenManifest manifest = TokenManifest.read(dir.resolve("out/tokens"));
        assertThat(manifest.documents()).isEqualTo(300);
        assertThat(manifest.shards()).hasSizeGreaterThan(1);
        assertThat(manifest.tokens()).isEqualTo(report.stages().get(3).bytesKept() + 300);
        assertThat(dir.resolve("out/report.json")).exists();
        assertThat(Files.readString(dir.resolve("out/report.html")))
                .contains("class=\"bar\"")
                .doesNotContain("http://");
        assertThat(LocalSpark.session()
                        .read()
                        .parquet(dir.resolve("out/documents").toString())
                        .count())
                .isEqualTo(300);
    }

    @Test
    void samples_of_documents_that_went_before_private_data_did_are_masked_too() throws IOException {
        Path corpus = dir.resolve("a.jsonl");
        Corpora.write(corpus, List.of("{\"text\": \"write to jane@example.org\"}"));
        CorpusReport report = Corpora.run(
                "corpus: {inputs: [{json_lines: \"" + corpus + "\"}], stages: [gopher_quality, private_data]}",
                dir.resolve("out"));
        assertThat(report.stages().get(1).reasons().get(0).samples().get(0).excerpt())
                .isEqualTo("write to <EMAIL>");
        assertThat(dir.resolve("out/report.json")).content().doesNotContain("jane@");
        assertThat(dir.resolve("out/report.html")).content().doesNotContain("jane@");
    }

    @Test
    void a_stage_that_is_done_is_not_run_again_and_a_change_runs_what_is_behind_it() throws IOException {
        String yaml = YAML.formatted(corpus(), "0.1");
        Corpora.run(yaml, dir.resolve("out"));
        CorpusReport again = Corpora.run(yaml, dir.resolve("out"));
        assertThat(again.stages()).allMatch(StageReport::reused);

        CorpusReport changed =
                Corpora.run(yaml.replace("- gopher_quality", "- gopher_quality: {min_words: 60}"), dir.resolve("out"));
        assertThat(changed.stages()).extracting(StageReport::reused).containsExactly(true, true, false, false);
    }

    @Test
    void rows_of_a_database_are_read_again_after_a_success_and_not_after_a_failure() throws Exception {
        String url = "jdbc:duckdb:" + dir.resolve("texts.db");
        String yaml = """
                corpus:
                  inputs:
                    - jdbc: {url: "%s", query: select * from t order by id}
                  max_bad_share: %s
                """;
        execute(url, "create table t as select * from (values (1, 'one'), (2, null)) v(id, text)");
        assertThatThrownBy(() -> Corpora.run(yaml.formatted(url, "0"), dir.resolve("out")))
                .isInstanceOf(FailureException.class);

        CorpusReport resumed = Corpora.run(yaml.formatted(url, "1"), dir.resolve("out"));
        assertThat(resumed.stages()).singleElement().satisfies(read -> {
            assertThat(read.reused()).isTrue();
            assertThat(read.kept()).isEqualTo(1);
        });
        assertThat(Directories.list(dir.resolve("out/.stages"))).isEmpty();

        execute(url, "update t set text = 'two' where id = 2");
        CorpusReport again = Corpora.run(yaml.formatted(url, "1"), dir.resolve("out"));
        assertThat(again.stages()).singleElement().satisfies(read -> {
            assertThat(read.reused()).isFalse();
            assertThat(read.kept()).isEqualTo(2);
        });
        assertThat(dir.resolve("out/quarantine")).doesNotExist();
    }

    private static void execute(String url, String sql) throws SQLException {
        try (Connection database = DriverManager.getConnection(url);
                Statement statement = database.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void a_document_for_which_shards_have_no_room_is_refused_by_its_name_and_one_that_fills_half_a_shard_is_not()
            throws IOException {
        List<String> lines = new ArrayList<>(Corpora.lines(300, 90, 1));
        lines.add(70, "x".repeat(5_100));
        Path corpus = Corpora.write(dir.resolve("long.txt"), lines);
        String yaml = """
                corpus:
                  inputs: [{text: %s}]
                  max_document_mb: %s
                  output:
                    documents: false
                    tokens: {tokenizer: %s, shard_mb: %s}
                """;
        Corpora.run(yaml.formatted(corpus, "0.005", "bytes", "0.0102"), dir.resolve("out"));
        TokenManifest manifest = TokenManifest.read(dir.resolve("out/tokens"));
        assertThat(manifest.documents()).isEqualTo(301);
        assertThat(manifest.shards()).allMatch(shard -> shard.tokens() <= 0.0102 * (1 << 19));
        assertThat(manifest.shards())
                .filteredOn(shard -> shard.tokens() < 4_000)
                .hasSizeLessThan(3);

        assertThatThrownBy(() -> Corpora.run(yaml.formatted(corpus, "0.005", "bytes", "0.009"), dir.resolve("refused")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("max_document_mb to 0.0044 or less")
                .hasMessageContaining("shard_mb to 0.0101 or more");
        assertThat(dir.resolve("refused")).doesNotExist();
    }

    @Test
    void shards_have_the_same_bytes_whatever_the_number_of_partitions() throws IOException {
        Path corpus = corpus();
        Corpora.run(YAML.formatted(corpus, "0.02"), dir.resolve("two"));
        var session = LocalSpark.session().newSession();
        session.conf().set("spark.sql.shuffle.partitions", "7");
        session.conf().set("spark.sql.adaptive.enabled", "false");
        CorpusRun.run(
                CorpusConfig.read(YamlFile.parse("test.yaml", YAML.formatted(corpus, "0.02"))),
                session,
                dir.resolve("seven"),
                line -> {});
        for (Path file : Directories.list(dir.resolve("two/tokens"))) {
            assertThat(dir.resolve("seven/tokens").resolve(file.getFileName())).hasSameBinaryContentAs(file);
        }
        assertThat(TokenManifest.read(dir.resolve("two/tokens")).shards()).hasSizeGreaterThan(5);
    }
}

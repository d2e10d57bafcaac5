package dev.jumbo.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.config.Overrides;
import dev.jumbo.config.YamlFile;
import dev.jumbo.data.shards.TokenManifest;
import dev.jumbo.spark.LocalSpark;
import dev.jumbo.spark.SharedData;
import dev.jumbo.spark.corpus.report.CorpusReport;
import dev.jumbo.spark.corpus.report.StageReport;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples on real data, where it is there. */
class SharedCorporaTest {
    @TempDir
    private Path dir;

    private CorpusReport run(String example, String input, Path data) {
        CorpusConfig config = CorpusConfig.read(Overrides.set(
                YamlFile.read(Path.of("../examples", example)), "corpus.inputs.0." + input + ".path=" + data));
        return CorpusRun.run(config, LocalSpark.session(), dir.resolve("out"), line -> {});
    }

    private void assertIsWhole(CorpusReport report) {
        long documents = report.stages().get(0).read();
        for (StageReport stage : report.stages()) {
            assertThat(stage.read()).as(stage.name()).isEqualTo(documents);
            documents = stage.kept();
        }
        assertThat(TokenManifest.read(dir.resolve("out/tokens")).documents()).isEqualTo(documents);
    }

    @Test
    void newsgroups_go_from_the_archive_to_shards() {
        CorpusReport report = run("corpus_newsgroups.yaml", "tar", SharedData.requireWhenAsked("20newsgroups"));
        assertIsWhole(report);
        assertThat(report.stages().get(0).read()).isEqualTo(18_846);
        assertThat(report.stages().get(0).quarantined()).isZero();
        assertThat(report.kept()).isBetween(5_000L, 18_000L);
    }

    @Test
    void a_web_archive_goes_from_html_to_shards() {
        CorpusReport report = run("corpus_warc.yaml", "warc", SharedData.require("commoncrawl-whirlwind"));
        assertIsWhole(report);
        assertThat(report.stages().get(0).read()).isPositive();
        assertThat(report.badShare()).isZero();
    }
}

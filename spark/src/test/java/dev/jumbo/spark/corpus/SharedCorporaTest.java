package dev.jumbo.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.config.Overrides;
import dev.jumbo.config.Records;
import dev.jumbo.config.YamlFile;
import dev.jumbo.data.prepare.Sources;
import dev.jumbo.data.shards.TokenDataset;
import dev.jumbo.data.shards.TokenManifest;
import dev.jumbo.data.shards.TokenShards;
import dev.jumbo.data.source.DataParts;
import dev.jumbo.data.source.DataSource;
import dev.jumbo.spark.LocalSpark;
import dev.jumbo.spark.SharedData;
import dev.jumbo.spark.corpus.report.CorpusReport;
import dev.jumbo.spark.corpus.report.StageReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
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
        assertThat(report.stages().get(1).dropped()).as("not in English").isBetween(10L, 40L);
        assertThat(report.kept()).isBetween(16_000L, 17_200L);
        assertThat(training(1024).train().size()).isGreaterThan(25_000);
    }

    @Test
    void the_first_newsgroups_go_from_the_archive_to_shards() throws IOException {
        Path archive = SharedData.require("20newsgroups").resolve("20news-bydate.tar.gz");
        int documents = 1_200;
        CorpusReport report = run("corpus_newsgroups.yaml", "tar", beginning(archive, documents));
        assertIsWhole(report);
        assertThat(report.stages().get(0).read()).isEqualTo(documents);
        assertThat(report.stages().get(0).quarantined()).isZero();
        assertThat(report.kept()).isBetween(documents * 80L / 100, documents * 95L / 100);
        assertThat(training(1024).train().size()).isGreaterThan(1_000);
    }

    /** A folder with an archive of the first files of another: blocks of 512 bytes, the length in octal digits at 124, the type at 156. */
    private Path beginning(Path archive, int files) throws IOException {
        Path folder = Files.createDirectory(dir.resolve("beginning"));
        try (InputStream in = new GZIPInputStream(Files.newInputStream(archive));
                OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve("beginning.tar.gz")))) {
            for (int left = files; left > 0; ) {
                byte[] header = in.readNBytes(512);
                String length = new String(header, 124, 12, StandardCharsets.US_ASCII).replaceAll("[^0-7]", "");
                long blocks = (Long.parseLong(length, 8) + 511) / 512;
                out.write(header);
                out.write(in.readNBytes((int) blocks * 512));
                left -= header[156] == '0' || header[156] == 0 ? 1 : 0;
            }
            out.write(new byte[1024]);
        }
        return folder;
    }

    @Test
    void a_page_in_another_language_is_dropped_with_its_reason() {
        CorpusReport report = run("corpus_warc.yaml", "warc", SharedData.require("commoncrawl-whirlwind"));
        assertIsWhole(report);
        assertThat(report.kept()).isZero();
        assertThat(report.stages().get(2).reasons().get(0).name()).isEqualTo("language.other");
    }

    @Test
    void a_web_archive_goes_from_html_to_shards_that_train() {
        CorpusReport report = run("corpus_warc_spanish.yaml", "warc", SharedData.require("commoncrawl-whirlwind"));
        assertIsWhole(report);
        assertThat(report.stages().get(0).read()).as("plain and compressed").isEqualTo(2);
        assertThat(report.kept()).isOne();
        assertThat(report.badShare()).isZero();
        TokenDataset train = (TokenDataset) training(64).train();
        long[] tokens = new long[200];
        TokenShards.open(dir.resolve("out/tokens")).read(0, tokens.length, tokens, 0);
        byte[] bytes = new byte[tokens.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) tokens[i];
        }
        assertThat(new String(bytes, StandardCharsets.UTF_8)).startsWith("Iste articlo ye en proceso de cambio");
        long all = TokenManifest.read(dir.resolve("out/tokens")).tokens();
        assertThat(train.size()).isEqualTo((int) ((all - 1) / 64));
    }

    @Test
    void texts_that_others_extracted_are_read_as_they_are() {
        Path data = SharedData.require("commoncrawl-whirlwind");
        CorpusConfig config = CorpusConfig.read(YamlFile.parse(
                "wet",
                "corpus: {inputs: [{warc: {path: " + data + ", glob: '**.{wet,wet.gz}'}}], stages: [exact_dedup],"
                        + " output: {tokens: {tokenizer: bytes}}}"));
        CorpusReport report = CorpusRun.run(config, LocalSpark.session(), dir.resolve("out"), line -> {});
        assertIsWhole(report);
        assertThat(report.stages().get(0).read()).isEqualTo(2);
        assertThat(report.kept()).isOne();
    }

    /** As {@code data.dataset} of a training file. */
    private DataParts training(int context) {
        return Records.of()
                .with(DataSource.class, Sources.kinds())
                .read(DataSource.class, YamlFile.parse("dataset", "token_shards: {context: " + context + "}"))
                .load(dir.resolve("out/tokens"), dir);
    }
}

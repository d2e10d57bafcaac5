package dev.jumbo.spark.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.ConfigDocument;
import dev.jumbo.config.YamlFile;
import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.CleaningReport;
import dev.jumbo.data.prepare.ClusterPreparation;
import dev.jumbo.data.prepare.TableData;
import dev.jumbo.data.table.CsvExport;
import dev.jumbo.spark.LocalSpark;
import dev.jumbo.spark.SharedData;
import dev.jumbo.train.checkpoint.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The examples with tables on real data: dirty tables of the Raha benchmark with their clean copies, and the Adult census
 * table. One machine with the same file is the oracle, byte by byte.
 */
class SharedTablesTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"clean_beers", "clean_flights"})
    void an_example_gives_the_tables_and_the_report_of_one_machine(String name) throws IOException {
        requireTheSame(name);
    }

    /** Hospital has eleven steps, most of them stages of their own; Adult has fifty thousand rows. */
    @ParameterizedTest
    @ValueSource(strings = {"clean_hospital", "adult"})
    void a_longer_example_does_too_when_asked(String name) throws IOException {
        SharedData.requireWhenAsked("tables");
        requireTheSame(name);
    }

    private void requireTheSame(String name) throws IOException {
        ConfigDocument document = example(name);
        TableData data =
                Kinds.records().read(TableData.class, name, document.tree().at("/data/dataset/table"));
        JsonNode there = new TablePreparation()
                .prepare(new ClusterPreparation.Job(
                        document,
                        LocalSpark.master().url(),
                        LocalSpark.master().settings(),
                        dir.resolve("out"),
                        line -> {}))
                .report();

        requireTheSame(there, "train", data.cleanTrain(dir.resolve(TableData.MALFORMED_TRAIN)));
        if (data.test() != null) {
            requireTheSame(there, "test", data.cleanTest(dir.resolve(TableData.MALFORMED_TEST)));
        }
        assertThat(there.at("/train/agreement").isObject()).isEqualTo(data.compare() != null);
    }

    private void requireTheSame(JsonNode report, String part, Cleaned here) throws IOException {
        Path expected = dir.resolve("clean.csv");
        CsvExport.write(here.table(), expected);
        assertThat(dir.resolve("out/clean-" + part + ".csv")).hasSameBinaryContentAs(expected);
        assertThat(report.get(part)).isEqualTo(Kinds.records().write(CleaningReport.class, here.report()));
        Path malformed = dir.resolve("malformed-" + part + ".csv");
        Path there = dir.resolve("out").resolve(malformed.getFileName());
        assertThat(Files.exists(there)).isEqualTo(Files.exists(malformed));
        if (Files.exists(malformed)) {
            assertThat(there).hasSameBinaryContentAs(malformed);
        }
    }

    private static ConfigDocument example(String name) throws IOException {
        Path tables = SharedData.require("tables");
        String yaml = Files.readString(Path.of("../examples/" + name + ".yaml"));
        return YamlFile.parse(
                name + ".yaml",
                yaml.replace("../shared/data/tables", tables.toAbsolutePath().toString()));
    }
}

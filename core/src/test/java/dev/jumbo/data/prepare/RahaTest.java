package dev.jumbo.data.prepare;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.SharedData;
import dev.jumbo.config.YamlFile;
import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.CleaningAgreement;
import dev.jumbo.data.clean.CleaningReport;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.read.Quarantine;
import dev.jumbo.train.checkpoint.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code examples/clean_*.yaml}: the dirty tables of the Raha benchmark (M. Mahdavi et al., SIGMOD 2019) against their
 * clean copies. The numbers of errors are the data's own; the bounds are a little below what the steps reach.
 */
class RahaTest {
    @TempDir
    Path dir;

    @Test
    void hospital_is_repaired_by_dependencies() throws IOException {
        CleaningAgreement agreement = agreement("hospital", 509);
        assertThat(agreement.wronglyChanged()).isZero();
        assertThat(agreement.detectionRecall()).isGreaterThan(0.99);
        assertThat(agreement.repairRecall()).isGreaterThan(0.94);
    }

    @Test
    void beers_is_repaired_completely_by_units_and_extraction() throws IOException {
        CleaningAgreement agreement = agreement("beers", 4362);
        assertThat(agreement.repaired()).isEqualTo(4362);
        assertThat(agreement.wronglyChanged()).isZero();
    }

    @Test
    void flights_is_repaired_by_the_vote_of_the_sources() throws IOException {
        CleaningAgreement agreement = agreement("flights", 4920);
        assertThat(agreement.detectionPrecision()).isGreaterThan(0.90);
        assertThat(agreement.detectionRecall()).isGreaterThan(0.80);
        assertThat(agreement.repairRecall()).isGreaterThan(0.66);
    }

    /** Counted here once more, from the files alone, and compared with what the report says. */
    private CleaningAgreement agreement(String name, int errors) throws IOException {
        TableData data = data(name);
        Cleaned cleaned = data.cleanTrain(dir.resolve("malformed.csv"));
        Table dirty = data.train().read(Quarantine.counting());
        Table clean = requireNonNull(data.compare()).source().read(Quarantine.counting());
        int wrong = 0;
        int changed = 0;
        int repaired = 0;
        for (int row = 0; row < dirty.rows(); row++) {
            for (int c = 0; c < dirty.columns().size(); c++) {
                String before = dirty.text(row, c);
                String after = cleaned.table().text(row, c);
                boolean wasWrong = !Objects.equals(before, clean.text(row, c));
                wrong += wasWrong ? 1 : 0;
                changed += Objects.equals(before, after) ? 0 : 1;
                repaired += wasWrong && Objects.equals(after, clean.text(row, c)) ? 1 : 0;
            }
        }
        CleaningReport report = cleaned.report();
        CleaningAgreement agreement = requireNonNull(report.agreement());
        assertThat(wrong).isEqualTo(errors);
        assertThat(agreement.errors()).isEqualTo(errors);
        assertThat(report.cellsChanged()).isEqualTo(changed);
        assertThat(agreement.changed()).isEqualTo(changed);
        assertThat(agreement.repaired()).isEqualTo(repaired);
        assertThat(report.malformed()).isEmpty();
        assertThat(report.text()).contains("agreement with a clean copy");
        assertThat(Kinds.records()
                        .write(CleaningReport.class, report)
                        .get("steps")
                        .size())
                .isEqualTo(data.clean().size());
        return agreement;
    }

    private static TableData data(String name) throws IOException {
        Path tables = SharedData.require("tables");
        Path example = Path.of("../examples/clean_" + name + ".yaml");
        String yaml = Files.readString(example)
                .replace("../shared/data/tables", tables.toAbsolutePath().toString());
        JsonNode table = YamlFile.parse(example.toString(), yaml).tree().at("/data/dataset/table");
        return Kinds.records().read(TableData.class, example.toString(), table);
    }
}

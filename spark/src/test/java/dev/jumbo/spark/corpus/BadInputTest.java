package dev.jumbo.spark.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.Directories;
import dev.jumbo.spark.corpus.report.CorpusReport;
import dev.jumbo.spark.corpus.report.Reason;
import dev.jumbo.spark.corpus.report.StageReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadInputTest {
    private static final String YAML = """
            corpus:
              inputs:
                - json_lines: %s
                - parquet: %s
              max_bad_share: %s
            """;

    @TempDir
    private Path dir;

    /** 97 good lines, two bad ones, and a file that is no Parquet. */
    private String yaml(String share) throws IOException {
        String good = Corpora.lines(97, 20, 7).stream()
                .map(line -> "{\"text\": \"" + line + "\"}")
                .collect(Collectors.joining("\n"));
        Path json = Files.writeString(dir.resolve("a.jsonl"), good + "\n{\"text\": 1}\n<script>alert(1)</script>\n");
        Path parquet = Files.write(dir.resolve("a.parquet"), "PAR1 no".getBytes(StandardCharsets.UTF_8));
        return YAML.formatted(json, parquet, share);
    }

    @Test
    void bad_records_and_files_are_set_aside_and_counted_and_the_run_goes_on() throws IOException {
        CorpusReport report = Corpora.run(yaml("0.05"), dir.resolve("out"));
        StageReport read = report.stages().get(0);
        assertThat(read.kept()).isEqualTo(97);
        assertThat(read.quarantined()).isEqualTo(3);
        assertThat(read.reasons())
                .extracting(Reason::name, Reason::documents)
                .containsExactly(tuple("read.malformed_json", 2L), tuple("read.corrupt_parquet", 1L));
        assertThat(report.badShare()).isEqualTo(0.03);
        assertThat(quarantined()).hasSize(3).anyMatch(line -> line.contains("a.parquet"));
        String page = Files.readString(dir.resolve("out/report.html"));
        assertThat(page).contains("&lt;script&gt;").doesNotContain("<script");
    }

    @Test
    void too_many_bad_records_stop_the_run_and_nothing_is_published() throws IOException {
        String yaml = yaml("0.02");
        assertThatThrownBy(() -> Corpora.run(yaml, dir.resolve("out")))
                .isInstanceOf(FailureException.class)
                .hasMessageContaining("3.00 % of the documents are bad")
                .hasMessageContaining("read.malformed_json 2 times, as at " + dir.resolve("a.jsonl"));
        assertThat(Directories.list(dir.resolve("out")))
                .extracting(p -> p.getFileName().toString())
                .containsExactlyInAnyOrder(".lock", ".stages", "quarantine");
        assertThat(quarantined()).hasSize(3);
    }

    @Test
    void a_mistake_in_the_configuration_is_told_with_its_line() {
        String yaml = "corpus:\n  inputs:\n    - text: {path: a.txt, gob: x}\n";
        assertThatThrownBy(() -> Corpora.run(yaml, dir.resolve("out")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("test.yaml:3")
                .hasMessageContaining("glob");
        assertThatThrownBy(() -> Corpora.run("corpus: {inputs: [{json_lines: none.jsonl}]}", dir.resolve("out")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none.jsonl");
    }

    private List<String> quarantined() {
        return Directories.list(dir.resolve("out/quarantine")).stream()
                .filter(f -> f.toString().endsWith(".json"))
                .flatMap(f -> {
                    try {
                        return Files.readAllLines(f).stream();
                    } catch (IOException e) {
                        throw new FailureException("cannot read " + f, e);
                    }
                })
                .toList();
    }
}

package dev.jumbo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Verbs that look at tables: prepare with expectations, proposals and rows put aside, drift, audit-labels. */
class TableVerbsTest {
    @TempDir
    Path dir;

    private Path write(String name, String text) throws IOException {
        return Files.writeString(dir.resolve(name), text);
    }

    private Path configuration(String table, String clean) throws IOException {
        return write(
                "test.yaml",
                "data:\n  dataset:\n    table:\n      train: {csv: {path: " + table + "}}\n      clean:\n" + clean);
    }

    @Test
    void prepare_writes_what_a_person_is_to_look_at_and_fails_where_an_expectation_says_so() throws IOException {
        Path table = write("t.csv", "city,a,b\nBoston,1,2\nBoston,3,4\nBostn,5,4\n");
        Path file = configuration(table.toString(), """
                        - merge_similar: [city]
                        - rule: {check: b >= a, action: quarantine}
                        - expect: {checks: [{row_count: {min: 3}}], fail: true}
                """);
        Command prepared = Command.run(
                "prepare", file.toString(), "--out", dir.resolve("out").toString());
        assertThat(prepared.status()).isEqualTo(1);
        assertThat(prepared.err()).contains("rows: at least 3, found 2").doesNotContain("Exception");
        assertThat(prepared.out()).contains("NOT MET: rows: at least 3; 2");
        assertThat(dir.resolve("out/quarantine-train.csv"))
                .content()
                .isEqualToNormalizingNewlines("row,reason,city,a,b\n4,violates b >= a,Bostn,5,4\n");
        assertThat(dir.resolve("out/merges-train.csv"))
                .content()
                .contains("city,Bostn,Boston,1,2,one letter differs,no");
        assertThat(dir.resolve("out/report.json")).content().contains("\"met\" : false");
    }

    @Test
    void a_target_that_is_missing_is_refused_behind_the_whole_report_and_its_files() throws IOException {
        Path table = write("t.csv", "x,price\n1,$5\n2,$6\n3,\n4,free\n");
        Path file = write("test.yaml", """
                data:
                  dataset:
                    table: {train: {csv: {path: %s}}, target: price, clean: [parse_number: {columns: [price]}, numbers: [price]]}
                """.formatted(table));
        Path out = dir.resolve("out");

        Command prepared = Command.run("prepare", file.toString(), "--out", out.toString());

        assertThat(prepared.status()).isEqualTo(2);
        assertThat(prepared.out())
                .contains("rows in 4, out 4", "a number with a unit", "not understood as a number: row 5, \"free\"");
        assertThat(prepared.err()).contains("received a missing value in row 4", "missing: {fill: drop");
        assertThat(out.resolve("report.json")).exists();
        assertThat(out.resolve("clean-train.csv")).exists();
    }

    @Test
    void drift_compares_two_tables_and_fails_only_where_that_is_asked_for() throws IOException {
        StringBuilder before = new StringBuilder("x,c\n");
        StringBuilder now = new StringBuilder("x,c\n");
        for (int i = 0; i < 200; i++) {
            before.append(i % 50).append(i % 2 == 0 ? ",a\n" : ",b\n");
            now.append(i % 50 + 25).append(i % 2 == 0 ? ",a\n" : ",new\n");
        }
        String one = write("one.csv", before.toString()).toString();
        String two = write("two.csv", now.toString()).toString();
        assertThat(Command.run("drift", one, one, "--fail").status()).isZero();
        Command drift = Command.run("drift", one, two, "--json");
        assertThat(drift.status()).isZero();
        assertThat(drift.out()).contains("\"drifted\":true").contains("\"new_categories\":{\"new\":100}");
        assertThat(Command.run("drift", one, two, "--fail").status()).isEqualTo(1);
        assertThat(Command.run("drift", one, dir.resolve("none.csv").toString()).status())
                .isEqualTo(2);
    }

    @Test
    void drift_reads_files_of_another_form_and_the_tables_of_configurations_and_runs() throws IOException {
        StringBuilder csv = new StringBuilder("Größe;Preis;Art\n");
        for (int i = 0; i < 200; i++) {
            csv.append(i % 9)
                    .append(";1.")
                    .append(100 + i)
                    .append(",50 \u20ac;")
                    .append(i % 2 == 0 ? "a" : "b")
                    .append('\n');
        }
        Charset windows = Charset.forName("windows-1252");
        Path old = Files.write(dir.resolve("old.csv"), csv.toString().getBytes(windows));
        String rows = csv.toString().replace(";b\n", ";-\n");
        Path fresh = Files.write(dir.resolve("new.csv"), rows.getBytes(windows));
        Path file = write("t.yaml", """
                data:
                  dataset:
                    table:
                      train: {csv: {path: %s, delimiter: ';', charset: windows-1252}}
                      test: {csv: {path: %s, delimiter: ';', charset: windows-1252}}
                      target: Art
                      clean: [parse_number: {columns: [Preis]}]
                model: {layers: [{dense: 2}]}
                train: {epochs: 1, validation_split: 0}
                """.formatted(old, old));
        String run = dir.resolve("run").toString();
        assertThat(Command.run("train", file.toString(), "--out", run).status()).isZero();

        Command refused = Command.run("drift", old.toString(), fresh.toString());
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("give --charset windows-1252");
        Command read = Command.run(
                "drift",
                old.toString(),
                fresh.toString(),
                "--delimiter",
                ";",
                "--charset",
                "windows-1252",
                "--na-values",
                "-");
        assertThat(read.status()).as(read.err()).isZero();
        assertThat(read.out()).contains("Gr\u00f6\u00dfe", "+0.500", "YES, in 1 of 3 columns");
        for (String before : List.of(file.toString(), run)) {
            Command compared = Command.run("drift", before, fresh.toString());
            assertThat(compared.status()).as(compared.err()).isZero();
            assertThat(compared.out()).contains("Preis                number", "YES, in 1 of 3 columns");
        }
        assertThat(Command.run("drift", file.toString(), file.toString(), "--fail")
                        .status())
                .isZero();
        Path unlabelled = Files.write(
                dir.resolve("u.csv"), rows.replaceAll("(?m);[^;]*$", "").getBytes(windows));
        Command inputs = Command.run("drift", run, unlabelled.toString(), "--fail");
        assertThat(inputs.status()).as(inputs.out() + inputs.err()).isZero();
        assertThat(Command.run("drift", run, run, "--charset", "UTF-8").status())
                .isEqualTo(2);
    }

    @Test
    void audit_labels_finds_labels_that_were_changed() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        List<String> lines = new ArrayList<>(List.of("x,y,label"));
        for (int i = 0; i < 120; i++) {
            boolean left = i % 2 == 0;
            boolean wrong = i == 30 || i == 71;
            lines.add((left ? -2 : 2) + random.nextDouble() + "," + random.nextDouble() + ","
                    + (left != wrong ? "left" : "right"));
        }
        Path table = dir.resolve("labels.csv");
        Files.write(table, lines);
        Path file = write("labels.yaml", """
                data: {dataset: {table: {train: {csv: {path: %s}}, target: label}}}
                model: {layers: [{dense: 2}]}
                train: {epochs: 8, batch_size: 16, optimizer: {adam: {learning_rate: 0.1}}, validation_split: 0}
                """.formatted(table));
        for (int time = 0; time < 2; time++) { // Again in the same directory.
            Command audit = Command.run(
                    "audit-labels",
                    file.toString(),
                    "--folds",
                    "3",
                    "--out",
                    dir.resolve("audit").toString());
            assertThat(audit.status()).as(audit.err()).isZero();
            assertThat(audit.out()).contains("2 of 120 labels are likely wrong");
            assertThat(dir.resolve("audit/label_issues.csv"))
                    .content()
                    .contains("30,32,right,left", "71,73,left,right");
        }
    }
}

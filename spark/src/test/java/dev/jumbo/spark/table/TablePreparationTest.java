package dev.jumbo.spark.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.config.ConfigDocument;
import dev.jumbo.config.YamlFile;
import dev.jumbo.data.clean.Aside;
import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.CleaningAgreement;
import dev.jumbo.data.clean.CleaningReport;
import dev.jumbo.data.prepare.ClusterPreparation;
import dev.jumbo.data.prepare.TableData;
import dev.jumbo.data.table.CsvExport;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.Directories;
import dev.jumbo.spark.LocalSpark;
import dev.jumbo.train.checkpoint.Kinds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The oracle is the cleaning of one machine, which has its own tests against clean copies. */
class TablePreparationTest {
    private static final String STEPS = """
                  - missing_tokens: {tokens: [unknown]}
                  - normalize_text: {columns: [city]}
                  - parse_number: {columns: [size]}
                  - outliers: {columns: [size], method: iqr, action: clip}
                  - outliers: {columns: [weight], method: mad, action: missing}
                  - outliers: {columns: [height], method: z_score, threshold: 2, action: drop}
                  - dependency: {key: [zip], columns: [city, size], min_share: 0.4}
                  - dependency: {key: [city], columns: [size], min_share: 0, action: report}
                  - replace: {columns: [city], pattern: '7$', with: x}
                  - dependency: {key: [height], columns: [weight], min_share: 0.9, action: report}
                  - duplicates: {key: [zip, size]}
                  - missing: {fill: mean, columns: [weight]}
                  - missing: {fill: median, columns: [height]}
                  - missing: {fill: mode, columns: [city, zip]}
                  - range: {columns: [size], max: 90, action: drop}
            """;

    @TempDir
    Path dir;

    /** Several thousand rows, so that there are several parts, with every sort of mistake and some records that are none. */
    private Path table() throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        List<String> lines = new ArrayList<>(List.of("zip,city,size,weight,height"));
        for (int i = 0; i < 9000; i++) {
            int zip = random.nextInt(300);
            String city = random.nextInt(9) == 0 ? "Älm  " + random.nextInt(4) : "City " + zip % 40;
            String size = random.nextInt(7) == 0 ? random.nextInt(4000) / 10.0 + " kg" : String.valueOf(zip % 97);
            String weight = random.nextInt(5) == 0
                    ? "unknown"
                    : String.valueOf(random.nextInt(1000) / (random.nextInt(90) == 0 ? 0.007 : 7.0));
            String height =
                    random.nextInt(20) == 0 ? "" : String.valueOf(random.nextInt(random.nextInt(60) == 0 ? 9000 : 500));
            lines.add((random.nextInt(30) == 0 ? "" : random.nextInt(9) == 0 ? zip + ".0" : zip) + "," + city + ","
                    + size + "," + weight + "," + height);
            if (i % 1500 == 700) {
                lines.add("a,record,that,is,none,at all");
            }
        }
        Path file = dir.resolve("table.csv");
        Files.write(file, lines);
        return file;
    }

    private ConfigDocument document(Path file, String steps) {
        return YamlFile.parse(
                "test.yaml",
                "data:\n  dataset:\n    table:\n      train: {csv: {path: " + file + "}}\n      clean:\n" + steps);
    }

    private ClusterPreparation.Result prepare(ConfigDocument document, List<String> progress) {
        return new TablePreparation()
                .prepare(new ClusterPreparation.Job(
                        document,
                        LocalSpark.master().url(),
                        LocalSpark.master().settings(),
                        dir.resolve("out"),
                        progress::add));
    }

    @Test
    void every_step_gives_the_values_and_the_report_of_one_machine_and_is_not_run_twice() throws IOException {
        ConfigDocument document = document(table(), STEPS);
        JsonNode tree = document.tree().at("/data/dataset/table");
        Cleaned here = Kinds.records().read(TableData.class, "test", tree).cleanTrain(dir.resolve("malformed.csv"));
        CsvExport.write(here.table(), dir.resolve("here.csv"));

        List<String> progress = new ArrayList<>();
        ClusterPreparation.Result there = prepare(document, progress);

        assertThat(here.report().steps()).allMatch(step -> !step.reasons().isEmpty());
        assertThat(there.report().get("train")).isEqualTo(Kinds.records().write(CleaningReport.class, here.report()));
        assertThat(dir.resolve("out/clean-train.csv")).hasSameBinaryContentAs(dir.resolve("here.csv"));
        assertThat(dir.resolve("out/malformed-train.csv")).hasSameBinaryContentAs(dir.resolve("malformed.csv"));
        assertThat(dir.resolve("out/report.html")).content().contains("class=\"bar\"");

        progress.clear();
        assertThat(prepare(document, progress).report()).isEqualTo(there.report());
        assertThat(progress).isNotEmpty().allMatch(line -> line.endsWith("done earlier"));
    }

    @Test
    void dates_maps_merges_and_rules_give_the_same_as_on_one_machine_and_what_cannot_run_is_refused_by_name()
            throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        List<String> lines = new ArrayList<>(List.of("start,end,city,state,n"));
        String[] cities = {"New York", "new york", "York New", "Boston", "Bostn", "Route 66", "Route 67"};
        for (int i = 0; i < 6000; i++) {
            String end = random.nextInt(40) == 0
                    ? "soon"
                    : (1 + random.nextInt(28)) + "." + (1 + random.nextInt(12)) + ".2020";
            lines.add((1 + random.nextInt(31)) + "/" + (1 + random.nextInt(12)) + "/2020," + end + ","
                    + cities[random.nextInt(random.nextInt(cities.length) + 1)] + ","
                    + (random.nextBoolean() ? "ny" : random.nextInt(9) == 0 ? "??" : "ma") + ","
                    + (random.nextInt(8) == 0 ? "" : random.nextInt(100)));
        }
        Path file = dir.resolve("dates.csv");
        Files.write(file, lines);
        Path map = Files.writeString(dir.resolve("map.csv"), "from,to\nny,NEW york\nma,massachusetts\n");
        ConfigDocument document = document(file, """
                          - parse_date: [start]
                          - parse_date: {columns: [end], order: day_first}
                          - date_parts: {columns: [start], parts: [month, weekday_sin, days_since], since: 2020-01-01}
                          - value_map: {columns: [state], file: '%s'}
                          - title: [state]
                          - upper: [city]
                          - merge_similar: {columns: [city], apply: true}
                          - rule: {check: end >= start or start_month > 6, action: quarantine}
                          - rule: {check: n between 5 and 90, action: missing}
                          - rule: n < 80
                          - rule: {check: not (state = 'Massachusetts' and n < 10), action: quarantine, name: small}
                    """.formatted(map));
        Cleaned here = Kinds.records()
                .read(TableData.class, "test", document.tree().at("/data/dataset/table"))
                .cleanTrain(dir.resolve("malformed.csv"));
        CsvExport.write(here.table(), dir.resolve("here.csv"));
        Aside.write(here.quarantined(), dir.resolve("aside.csv"));
        ClusterPreparation.Result there = prepare(document, new ArrayList<>());
        assertThat(here.report().steps()).allMatch(step -> !step.reasons().isEmpty());
        assertThat(there.report().get("train")).isEqualTo(Kinds.records().write(CleaningReport.class, here.report()));
        assertThat(dir.resolve("out/clean-train.csv")).hasSameBinaryContentAs(dir.resolve("here.csv"));
        assertThat(dir.resolve("out/quarantine-train.csv")).hasSameBinaryContentAs(dir.resolve("aside.csv"));

        for (String step : List.of("expect: {checks: [{unique: [n]}]}", "merge_similar: [city]")) {
            assertThatThrownBy(() -> prepare(document(file, "            - " + step + "\n"), new ArrayList<>()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(step.substring(0, step.indexOf(':')))
                    .hasMessageContaining("cluster");
        }
    }

    @Test
    void a_clean_copy_is_compared_with_by_its_key_and_refused_where_one_machine_refuses_it() throws IOException {
        Path dirty = Files.writeString(dir.resolve("dirty.csv"), "id,a,b\n3,x,1\n1,N/A,2\n2,z,\n4,w,500\n");
        Path copy = dir.resolve("copy.csv");
        ConfigDocument document = YamlFile.parse("test.yaml", """
                data:
                  dataset:
                    table:
                      train: {csv: {path: %s}}
                      clean:
                        - missing_tokens: {tokens: [unknown]}
                        - missing: {columns: [a], fill: constant, value: y}
                        - range: {columns: [b], max: 90, action: drop}
                      compare: {source: {csv: {path: %s}}, key: id}
                """.formatted(dirty, copy));
        TableData here =
                Kinds.records().read(TableData.class, "test", document.tree().at("/data/dataset/table"));

        Files.writeString(copy, "id,A,B\n1,y,3\n2,z,\n3,xx,1\n4,w,50\n5,v,5\n");
        CleaningAgreement expected = Objects.requireNonNull(
                here.cleanTrain(dir.resolve("malformed.csv")).report().agreement());
        assertThat(expected).isEqualTo(new CleaningAgreement(4, 4, 2, 1, 2));
        assertThat(prepare(document, new ArrayList<>()).report().at("/train/agreement"))
                .isEqualTo(Kinds.records().write(CleaningAgreement.class, expected));

        for (String refused : List.of("1,y,2\n2,z,1\n3,x,1\n3,x,1\n", "1,y,2\n3,x,1\n2,z,1\n")) {
            Files.writeString(copy, "id,A,B\n" + refused);
            Throwable mistake = catchThrowable(() -> here.cleanTrain(dir.resolve("malformed.csv")));
            assertThatThrownBy(() -> prepare(document, new ArrayList<>()))
                    .isInstanceOf(InputException.class)
                    .hasMessage(mistake.getMessage());
        }
    }

    @Test
    void a_run_leaves_what_it_made_and_nothing_of_the_one_before_and_a_failed_one_changes_no_result() throws Exception {
        Path good = Files.writeString(dir.resolve("good.csv"), "a,b\n1,2\n3,4\n");
        Path table = table();
        String both = "data:\n  dataset:\n    table: {train: {csv: {path: %s}}, test: {csv: {path: %s}}}\n";
        prepare(YamlFile.parse("test.yaml", both.formatted(table, table)), new ArrayList<>());
        assertThat(names(dir.resolve("out")))
                .contains("clean-test.csv", "malformed-train.csv", "malformed-test.csv")
                .doesNotContain(".draft");

        prepare(document(good, "            []\n"), new ArrayList<>());
        assertThat(names(dir.resolve("out")))
                .containsExactly(".lock", ".stages", "clean-train.csv", "report.html", "report.json");
        assertThat(names(dir.resolve("out/.stages"))).singleElement().asString().startsWith("train-00-read");

        String report = Files.readString(dir.resolve("out/report.json"));
        Path bad = Files.writeString(dir.resolve("bad.csv"), "a,b\n1,2\n3\n");
        String mixed = both.formatted(table, bad);
        assertThatThrownBy(() -> prepare(YamlFile.parse("test.yaml", mixed), new ArrayList<>()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(dir.resolve("out/malformed-test.csv").toString());
        assertThat(dir.resolve("out/malformed-test.csv")).content().contains("3");
        assertThat(dir.resolve("out/clean-train.csv")).content().isEqualToNormalizingNewlines(Files.readString(good));
        assertThat(dir.resolve("out/report.json")).hasContent(report);
    }

    private static List<String> names(Path directory) {
        return Directories.list(directory).stream()
                .map(path -> path.getFileName().toString())
                .toList();
    }

    @Test
    void numbers_of_json_and_parquet_are_on_spark_too_not_read_again_with_the_decimal_mark_of_texts() throws Exception {
        Path json = Files.writeString(dir.resolve("a.jsonl"), "{\"d\": 42.866, \"e\": 80.125, \"t\": \"1.234,5\"}\n");
        Path parquet = dir.resolve("a.parquet");
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
            connection
                    .createStatement()
                    .execute("copy (select 42.866::double as d, 80.125::decimal(9, 3) as e, '1.234,5' as t) to '"
                            + parquet + "' (format parquet)");
        }
        for (String source : List.of("json_lines: {path: " + json + "}", "parquet: {path: " + parquet + "}")) {
            for (String mark : List.of("", ", decimal: ','")) {
                prepare(
                        YamlFile.parse(
                                "test.yaml",
                                "data: {dataset: {table: {train: {" + source
                                        + "}, clean: [upper: [d, t], parse_number: {columns: [d, e, t]" + mark
                                        + "}]}}}\n"),
                        new ArrayList<>());
                assertThat(dir.resolve("out/clean-train.csv"))
                        .content()
                        .isEqualToNormalizingNewlines("d,e,t\n42.866,80.125,1234.5\n");
            }
        }
    }

    @Test
    void rows_of_a_database_are_read_again_after_a_run_that_succeeded() throws Exception {
        String url = "jdbc:duckdb:" + dir.resolve("table.db");
        ConfigDocument document = YamlFile.parse(
                "test.yaml",
                "data: {dataset: {table: {train: {jdbc: {url: '" + url + "', sql: select * from t order by a}}}}}\n");
        try (Connection database = DriverManager.getConnection(url)) {
            database.createStatement().execute("create table t as select 1 as a");
        }
        prepare(document, new ArrayList<>());
        try (Connection database = DriverManager.getConnection(url)) {
            database.createStatement().execute("insert into t values (2)");
        }
        prepare(document, new ArrayList<>());
        assertThat(dir.resolve("out/clean-train.csv")).content().isEqualToNormalizingNewlines("a\n1\n2\n");
    }

    @Test
    void too_many_malformed_records_and_a_misspelt_column_are_the_callers_mistake() throws IOException {
        Path bad = dir.resolve("bad.csv");
        Files.writeString(bad, "a,b\n1,2\n3\n4,5\n");

        assertThatThrownBy(() -> prepare(document(bad, "            []\n"), new ArrayList<>()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("1 of 3 records")
                .hasMessageContaining("line 3");
        assertThatThrownBy(() -> prepare(document(bad, "            - numbers: {columns: [aa]}\n"), new ArrayList<>()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no column \"aa\"");
    }
}

package dev.jumbo.spark.table;

import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.Records;
import dev.jumbo.config.YamlFile;
import dev.jumbo.data.prepare.ClusterPreparation;
import dev.jumbo.data.table.read.CsvFile;
import dev.jumbo.data.table.read.ParquetFile;
import dev.jumbo.data.table.read.Quarantine;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.LocalSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The oracle is pandas: the files and rows of the tests of one machine. */
class OddCsvOnSparkTest {
    private static final Path FIXTURE = Path.of("../core/src/test/resources/fixtures/tables/csv.json");

    @TempDir
    Path dir;

    @Test
    void an_odd_file_has_on_spark_the_rows_that_pandas_reads() throws IOException {
        SparkSession spark = LocalSpark.session();
        List<JsonNode> files = new ArrayList<>();
        new ObjectMapper().readTree(Files.readString(FIXTURE)).forEach(files::add);
        Dataset<Row> all = spark.emptyDataFrame();
        for (int f = 0; f < files.size(); f++) {
            JsonNode one = files.get(f);
            Path file = dir.resolve("odd-" + f + ".csv");
            Files.write(file, Base64.getDecoder().decode(one.get("bytes").asText()));
            ObjectNode settings = one.get("settings").deepCopy();
            settings.put("path", file.toString());
            TableRows read = TableRows.of(spark, Records.of().read(CsvFile.class, "odd.yaml", settings));
            List<String> names = new ArrayList<>();
            one.get("names").forEach(column -> names.add(column.asText()));
            assertThat(read.header().names()).as(one.get("name").asText()).isEqualTo(names);
            Dataset<Row> rows = read.rows().withColumn("file", lit(f));
            all = f == 0 ? rows : all.union(rows);
        }
        // One job for all of them.
        Map<Integer, List<List<@Nullable String>>> rows = new TreeMap<>();
        for (Row row : all.sort("file", "position").collectAsList()) {
            rows.computeIfAbsent(row.getAs("file"), f -> new ArrayList<>()).add(row.getList(2));
        }
        assertThat(files.size()).isGreaterThan(20);
        for (int f = 0; f < files.size(); f++) {
            List<List<@Nullable String>> right = new ArrayList<>();
            for (JsonNode row : files.get(f).get("rows")) {
                List<@Nullable String> values = new ArrayList<>();
                row.forEach(value -> values.add(value.isNull() ? null : value.asText()));
                right.add(values);
            }
            assertThat(rows.get(f)).as(files.get(f).get("name").asText()).isEqualTo(right);
        }
    }

    @Test
    void what_one_machine_refuses_is_refused_on_spark_with_the_same_words() throws IOException {
        refuses(write("a.csv", "a;b;c\n1;2;3\n"), "", "write delimiter: \";\"");
        refuses(write("h.csv", "a,b\n"), "", "received a header and nothing behind it");
        refuses(write("n.csv", "a,b\n1,2\n"), ", names: [a, b]", "write header: skip");
        refuses(write("t.csv", "a,a\n1,2\n"), "", "header: skip");
        refuses(write("semi.csv", "1;2\n3;4\n"), ", names: [a, b]", "write delimiter: \";\"");
        Path wide = dir.resolve("wide.csv");
        Files.write(wide, "name,price\ncafé,3\n".getBytes(StandardCharsets.UTF_16));
        refuses(wide, "", "write charset: UTF-16");
        Path latin = dir.resolve("latin.csv");
        Files.write(latin, "a,b\ncafé,1\nok,2\n".getBytes(StandardCharsets.ISO_8859_1));
        refuses(latin, "", "charset: windows-1252");
        refuses(dir, "", "received a directory");
        refuses(Files.write(dir.resolve("z.csv"), new byte[] {'P', 'K', 3, 4, 20, 0}), "", "a zip archive");
    }

    @Test
    void a_decimal_comma_is_found_in_the_training_table_and_holds_for_the_test_table() throws IOException {
        Path train = write("train.csv", "price;n\n1.234,56;a\n0,5;b\n7;NA\n");
        Path test = write("test.csv", "price;n\n1,234;a\n");
        prepare("train: {csv: {path: '" + train + "', delimiter: ';'}}\n      test: {csv: {path: '" + test
                + "', delimiter: ';'}}\n      clean: [parse_number: {columns: [price]}]");

        assertThat(dir.resolve("out/clean-train.csv")).hasContent("price,n\n1234.56,a\n0.5,b\n7,\n");
        assertThat(dir.resolve("out/clean-test.csv")).hasContent("price,n\n1.234,a\n");
    }

    @Test
    void a_folder_named_as_a_partition_is_a_column_on_spark_only_where_it_is_asked_for() throws Exception {
        Path file = Files.createDirectories(dir.resolve("split=train")).resolve("p.parquet");
        try (Connection database = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = database.createStatement()) {
            statement.execute("copy (select 1 as a, 'x' as b) to '" + file + "' (format parquet)");
        }
        ParquetFile plain = ParquetFile.of(file);
        ParquetFile asked = new ParquetFile(plain.path(), plain.sql(), plain.missing(), true);
        for (ParquetFile source : List.of(plain, asked)) {
            TableRows read = TableRows.of(LocalSpark.session(), source);
            assertThat(read.header().names())
                    .containsExactlyElementsOf(source == plain ? List.of("a", "b") : List.of("a", "b", "split"))
                    .isEqualTo(source.read(Quarantine.counting()).names());
            assertThat(read.rows().collectAsList().get(0).<String>getList(2))
                    .isEqualTo(source == plain ? List.of("1", "x") : List.of("1", "x", "train"));
        }
    }

    private void refuses(Path file, String more, String words) {
        assertThatThrownBy(() -> prepare("train: {csv: {path: '" + file + "'" + more + "}}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(words);
    }

    private void prepare(String table) {
        new TablePreparation()
                .prepare(new ClusterPreparation.Job(
                        YamlFile.parse("test.yaml", "data:\n  dataset:\n    table:\n      " + table + "\n"),
                        LocalSpark.master().url(),
                        LocalSpark.master().settings(),
                        dir.resolve("out"),
                        line -> {}));
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(dir.resolve(name), text);
    }
}

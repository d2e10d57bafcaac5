package dev.jumbo.data.table.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.SharedData;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvFileTest {
    @TempDir
    Path dir;

    private final Quarantine quarantine = Quarantine.counting();

    @Test
    void reads_quoted_fields_with_delimiters_quotes_and_line_ends() throws IOException {
        Table table = read("\uFEFFa, b\r\n1,\"x, \"\"y\"\"\"\r\n\r\n2,\"two\nlines\"\n");
        assertThat(table.names()).containsExactly("a", "b");
        assertThat(column(table, "b")).containsExactly("x, \"y\"", "two\nlines");
        assertThat(table.column("a").number(1)).isEqualTo(2);
        assertThat(new long[] {table.sourceRow(0), table.sourceRow(1)}).containsExactly(2, 4);
        assertThat(quarantine.count()).isZero();
    }

    @Test
    void missing_tokens_and_blanks_and_comments() throws IOException {
        Path file = write("|1x3 Cross validator\n 39, ?, ok \n N/A,x,\n");
        Table table = CsvFile.of(file)
                .withNames(List.of("age", "work", "label"))
                .withComment("|")
                .withMissing("", "?", "N/A")
                .read(quarantine);
        assertThat(column(table, "age")).containsExactly("39", null);
        assertThat(column(table, "work")).containsExactly(null, "x");
        assertThat(column(table, "label")).containsExactly("ok", null);
    }

    @Test
    void gzip_is_seen_from_the_content() throws IOException {
        Path file = dir.resolve("plain-name.csv");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("a\n7\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(CsvFile.of(file).read(quarantine).column("a").number(0)).isEqualTo(7);
    }

    @Test
    void malformed_records_go_to_the_quarantine_with_line_and_reason() throws IOException {
        Path file = write("a,b\n1,2\n3\n4,5,6\n7,\0\n8,9\n10,x\"y\n11,\"z\"z\n");
        Path bad = dir.resolve("sub/bad.csv");
        Table table;
        try (Quarantine to = Quarantine.to(bad)) {
            table = CsvFile.of(file).withLimits(1, 100, 1000, 200).read(to);
            assertThat(to.count()).isEqualTo(4);
            assertThat(to.reasons())
                    .containsEntry("expected 2 fields, received 1", 1L)
                    .containsEntry("expected 2 fields, received 3", 1L)
                    .containsEntry("a NUL character", 1L)
                    .hasSize(4);
        }
        assertThat(column(table, "a")).containsExactly("1", "8", "10");
        assertThat(column(table, "b")).containsExactly("2", "9", "x\"y");
        Table written = CsvFile.of(bad).withLimits(1, 1000, 1000, 200).read(Quarantine.counting());
        assertThat(column(written, "line")).startsWith("3", "4").endsWith("8");
    }

    @Test
    void an_open_quote_costs_its_own_line_only() throws IOException {
        Path file = write("a,b\n1,\"open\n2,two\n3,\"three\"\n4,four\n");
        Table table = CsvFile.of(file).withLimits(0.5, 100, 1000, 200).read(quarantine);
        assertThat(column(table, "a")).containsExactly("2", "3", "4");
        assertThat(quarantine.samples()).singleElement().satisfies(bad -> {
            assertThat(bad.line()).isEqualTo(2);
            assertThat(bad.text()).isEqualTo("1,\"open");
        });
    }

    @Test
    void fields_and_records_over_the_limit_are_malformed_whatever_their_length() throws IOException {
        Path file = write("a,b\n1," + "x".repeat(11) + "\n2," + "y".repeat(100_000) + "\n3,ok\n");
        Table table = CsvFile.of(file).withLimits(1, 10, 50, 200).read(quarantine);
        assertThat(column(table, "a")).containsExactly("3");
        assertThat(quarantine.reasons())
                .isEqualTo(Map.of(
                        "a field of more than 10 characters", 1L,
                        "a record of more than 50 characters", 1L));
        assertThat(quarantine.samples().get(1).text()).hasSize(50);
    }

    @Test
    void bytes_that_are_not_utf_8_are_malformed() throws IOException {
        Path file = dir.resolve("latin.csv");
        Files.write(file, "a\ncaf\u00e9\nok\n".getBytes(StandardCharsets.ISO_8859_1));
        Table table = CsvFile.of(file).withLimits(1, 10, 50, 200).read(quarantine);
        assertThat(column(table, "a")).containsExactly("ok");
        assertThat(quarantine.reasons()).containsOnlyKeys("bytes that are not UTF-8");
    }

    @Test
    void stops_over_the_allowed_share_with_the_first_reason() throws IOException {
        Path file = write("a,b\n1,2\n3\n4,5\n6,7\n");
        assertThatThrownBy(() -> CsvFile.of(file).withLimits(0.2, 10, 50, 200).read(quarantine))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("1 of 4 records")
                .hasMessageContaining("line 3: expected 2 fields, received 1");
    }

    @Test
    void a_decompression_bomb_is_stopped() throws IOException {
        Path file = dir.resolve("bomb.csv");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            byte[] zeros = new byte[1 << 16];
            for (int i = 0; i < 64; i++) {
                out.write(zeros);
            }
        }
        assertThatThrownBy(() -> CsvFile.of(file).read(quarantine))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("max_ratio");
    }

    @Test
    void rejects_files_without_a_usable_header() throws IOException {
        assertThatThrownBy(() -> CsvFile.of(dir.resolve("none.csv")).read(quarantine))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none.csv");
        Path empty = write("\n\n");
        assertThatThrownBy(() -> CsvFile.of(empty).read(quarantine)).hasMessageContaining("header");
        Path twice = write("a,a\n1,2\n");
        assertThatThrownBy(() -> CsvFile.of(twice).read(quarantine)).hasMessageContaining("different name");
    }

    @Test
    void a_missing_column_is_named_with_the_nearest_one() throws IOException {
        Table table = read("education,income\nx,y\n");
        assertThatThrownBy(() -> table.column("educaton"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("did you mean \"education\"");
    }

    @Test
    void text_lines_keep_their_numbers_and_long_ones_are_malformed() throws IOException {
        Path file = write("one\n" + "x".repeat(20) + "\n\nfour");
        Table table = new TextLines(file, 10, 200).read(quarantine);
        assertThat(column(table, "text")).containsExactly("one", "", "four");
        assertThat(table.sourceRow(2)).isEqualTo(4);
        assertThat(quarantine.count()).isEqualTo(1);
    }

    @Test
    void reads_the_adult_files_to_the_published_counts() {
        Path train = SharedData.require("tables/adult.data.gz");
        Path test = SharedData.require("tables/adult.test.gz");
        List<String> names = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "income");
        Table adult = CsvFile.of(train).withNames(names).withMissing("?").read(quarantine);
        Table held = CsvFile.of(test).withNames(names).withComment("|").read(quarantine);
        assertThat(adult.rows()).isEqualTo(32_561);
        assertThat(held.rows()).isEqualTo(16_281);
        assertThat(quarantine.count()).isZero();
        assertThat(adult.column("a").number(0)).isEqualTo(39);
        assertThat(held.column("income").text(2)).isEqualTo(">50K.");
    }

    private Table read(String content) throws IOException {
        return CsvFile.of(write(content)).read(quarantine);
    }

    private Path write(String content) throws IOException {
        return Files.writeString(dir.resolve("table.csv"), content);
    }

    static List<String> column(Table table, String name) {
        return IntStream.range(0, table.rows())
                .mapToObj(row -> table.column(name).text(row))
                .toList();
    }
}

package dev.jumbo.data.table.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.config.Records;
import dev.jumbo.data.table.Table;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class OddCsvTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @MethodSource("fixture")
    void an_odd_file_has_the_rows_that_pandas_reads(JsonNode one) throws IOException {
        Path file = dir.resolve("odd.csv");
        Files.write(file, Base64.getDecoder().decode(one.get("bytes").asText()));
        ObjectNode settings = one.get("settings").deepCopy();
        settings.put("path", file.toString()).put("max_bad_share", 0);
        Table table = Records.of().read(CsvFile.class, "odd.yaml", settings).read(Quarantine.counting());
        String name = one.get("name").asText();
        JsonNode rows = one.get("rows");
        assertThat(table.rows()).as(name).isEqualTo(rows.size());
        for (int c = 0; c < table.names().size(); c++) {
            assertThat(table.names().get(c)).isEqualTo(one.get("names").get(c).asText());
            for (int row = 0; row < rows.size(); row++) {
                JsonNode right = rows.get(row).get(c);
                assertThat(table.text(row, c))
                        .as("%s, row %d", name, row)
                        .isEqualTo(right.isNull() ? null : right.asText());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {"a;b;c ;", "a\\tb\\tc \\t", "a|b|c |"})
    void one_column_that_holds_another_delimiter_is_asked_about(String header, String delimiter) throws IOException {
        Path file = Files.writeString(dir.resolve("a.csv"), header.replace("\\t", "\t") + "\n1;2;3\n");
        assertThatThrownBy(() -> CsvFile.of(file).read(Quarantine.counting()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received one column \"" + header + "\": write delimiter: \"" + delimiter + "\"");
    }

    @ParameterizedTest
    @CsvSource({"UTF-16,UTF-16", "UTF-16LE,UTF-16LE", "UTF-16BE,UTF-16BE"})
    void another_unicode_is_named_as_such(String charset, String named) throws IOException {
        Path file = dir.resolve("wide.csv");
        Files.write(file, "name,price\ncafé,3\nx,4\n".getBytes(Charset.forName(charset)));
        assertThatThrownBy(() -> CsvFile.of(file).read(Quarantine.counting()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected UTF-8 in " + file + ", received " + named)
                .hasMessageContaining("write charset: " + named);
    }

    @Test
    void what_is_no_text_file_is_called_what_it_is() throws IOException {
        assertThatThrownBy(() -> CsvFile.of(dir).read(Quarantine.counting()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received a directory");
        Path zip = Files.write(dir.resolve("a.csv.gz"), new byte[] {'P', 'K', 3, 4, 20, 0});
        assertThatThrownBy(() -> CsvFile.of(zip).read(Quarantine.counting())).hasMessageContaining("a zip archive");
        Path headerOnly = Files.writeString(dir.resolve("h.csv"), "a,b\n");
        assertThatThrownBy(() -> CsvFile.of(headerOnly).read(Quarantine.counting()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received a header and nothing behind it");
        Path plain = Files.writeString(dir.resolve("plain.csv.gz"), "a,b\n1,2\n");
        assertThat(CsvFile.of(plain).read(Quarantine.counting()).rows()).isEqualTo(1);
    }

    @Test
    void bytes_of_another_charset_are_malformed_and_the_message_says_what_to_write() throws IOException {
        Path file = dir.resolve("latin.csv");
        Files.write(file, "a,b\ncafé,1\nok,2\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> CsvFile.of(file).read(Quarantine.counting()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("bytes that are not UTF-8")
                .hasMessageContaining("charset: windows-1252");
        Quarantine quarantine = Quarantine.counting();
        CsvFile.of(file).withLimits(1, 100, 100, 200).read(quarantine);
        assertThat(quarantine.samples().get(0).text()).isEqualTo("caf\uFFFD,1");
    }

    @ParameterizedTest
    @CsvSource({"'Straße,Größe', true", "'Größe,b', false", "'a,b', false"})
    void a_header_in_another_charset_is_said_with_the_charset_to_write(String header, boolean every)
            throws IOException {
        Path file = dir.resolve("reg.csv");
        String rows = (every ? "Köln,1\n" : "Bonn,1\n").repeat(3000);
        Files.write(file, (header + "\n" + rows).getBytes(Charset.forName("windows-1252")));
        List<String> right = List.of(header.split(",", -1));
        CsvFile format = CsvFile.of(file);
        if (!header.equals("a,b")) {
            for (CsvFile wrong : List.of(format, format.withNamesInstead(List.of("x", "y")))) {
                assertThatThrownBy(() -> wrong.read(Quarantine.counting()))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("line 1, received bytes that are not UTF-8")
                        .hasMessageContaining("write charset: windows-1252");
                assertThatThrownBy(() -> CsvRows.open(wrong)).hasMessageContaining("write charset: windows-1252");
            }
        }
        Table table = format.withCharset("windows-1252").read(Quarantine.counting());
        assertThat(table.names()).isEqualTo(right);
        assertThat(table.rows()).isEqualTo(3000);
    }

    @Test
    void a_header_that_cannot_be_read_is_not_replaced_by_the_row_behind_it() throws IOException {
        Path file = Files.writeString(dir.resolve("q.csv"), "a\"x\"\0,b\n1,2\n3,4\n");
        assertThatThrownBy(() -> CsvFile.of(file).read(Quarantine.counting()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected the names of the columns")
                .hasMessageContaining("line 1, received a NUL character");
        CsvFile skipped = CsvFile.of(file).withNamesInstead(List.of("a", "b"));
        assertThatThrownBy(() -> skipped.read(Quarantine.counting())).hasMessageContaining("a NUL character");
    }

    @Test
    void an_attribute_of_arff_in_another_charset_is_said_with_the_charset_to_write() throws IOException {
        Path file = dir.resolve("a.arff");
        String text = "@relation r\n@attribute Größe numeric\n@data\n1\n";
        Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ArffFile.of(file).read(Quarantine.counting()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("line 2, received bytes that are not UTF-8")
                .hasMessageContaining("write charset: windows-1252");
    }

    @Test
    void names_that_the_file_has_too_are_not_taken_for_a_row() throws IOException {
        Path file = Files.writeString(dir.resolve("n.csv"), "a,b\n1,2\n");
        CsvFile named = CsvFile.of(file).withNames(List.of("a", "b"));
        assertThatThrownBy(() -> named.read(Quarantine.counting()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("write header: skip");
        Path twice = Files.writeString(dir.resolve("t.csv"), "a,a\n1,2\n");
        assertThatThrownBy(() -> CsvFile.of(twice).read(Quarantine.counting())).hasMessageContaining("header: skip");
        assertThat(CsvFile.of(twice)
                        .withNamesInstead(List.of("x", "y"))
                        .read(Quarantine.counting())
                        .text(0, 1))
                .isEqualTo("2");
    }

    static Stream<JsonNode> fixture() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(OddCsvTest.class.getResourceAsStream("/fixtures/tables/csv.json"))) {
            JsonNode all = new ObjectMapper().readTree(in);
            return StreamSupport.stream(all.spliterator(), false);
        }
    }
}

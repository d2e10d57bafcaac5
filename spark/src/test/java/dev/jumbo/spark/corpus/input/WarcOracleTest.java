package dev.jumbo.spark.corpus.input;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.corpus.document.Fate;
import dev.jumbo.spark.text.Document;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against warcio 1.8: see {@code make_warc_fixtures.py}. */
class WarcOracleTest {
    private static final Set<String> DOCUMENTS = Set.of("response", "resource", "conversion");

    @TempDir
    private Path dir;

    private List<Entry> read(byte[] archive) throws IOException {
        Path file = Files.write(dir.resolve("archive.warc"), archive);
        WarcInput input = new WarcInput(file.toString(), "**", List.of("text/html"));
        List<Entry> entries = new ArrayList<>();
        try (Reading reading = input.open(input.splits(0).get(0), 1 << 20)) {
            reading.forEachRemaining(entries::add);
        }
        return entries;
    }

    private static JsonNode fixture() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(WarcOracleTest.class.getResourceAsStream("/text/warc.json"), "warc.json")) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static byte[] archive(JsonNode each) throws IOException {
        byte[] packed = Base64.getDecoder().decode(each.get("archive").asText());
        return new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes();
    }

    private static long sum(List<Entry> entries, String prefix) {
        return entries.stream()
                .flatMap(entry -> entry.counts().entrySet().stream())
                .filter(count -> count.getKey().startsWith(prefix))
                .mapToLong(count -> count.getValue())
                .sum();
    }

    @Test
    void records_and_contents_are_those_that_warcio_reads_and_all_are_counted() throws IOException {
        JsonNode cases = fixture();
        assertThat(cases.size()).isGreaterThan(25);
        for (JsonNode each : cases) {
            String name = each.get("name").asText();
            List<String> expected = new ArrayList<>();
            int others = 0;
            for (JsonNode record : each.get("records")) {
                if (DOCUMENTS.contains(record.get(0).asText())) {
                    expected.add(record.get(1).asText() + " " + record.get(2).asText());
                } else {
                    others++;
                }
            }
            for (byte[] archive : List.of(archive(each), gzip(archive(each)))) {
                List<Entry> entries = read(archive);
                assertThat(entries).as(name).allMatch(entry -> entry.fate() == Fate.KEPT);
                assertThat(entries)
                        .as(name)
                        .extracting(entry -> entry.metadata().get(Document.URL) + " " + entry.text())
                        .containsExactlyElementsOf(expected);
                assertThat(sum(entries, "records.")).as(name).isEqualTo(others);
                boolean isCut = name.equals("gzip cut") || name.equals("gzip without its checksum");
                assertThat(sum(entries, "read.truncated")).as(name).isEqualTo(isCut ? 1 : 0);
            }
        }
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    private static byte[] reply(String headers, byte[] body) {
        byte[] head = ("HTTP/1.1 200 OK\r\n" + headers + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        byte[] block = Arrays.copyOf(head, head.length + body.length);
        System.arraycopy(body, 0, block, head.length, body.length);
        return record("response", "application/http", block);
    }

    private static byte[] record(String type, String contentType, byte[] block) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(("WARC/1.0\r\n" + (type.isEmpty() ? "" : "WARC-Type: " + type + "\r\n")
                        + "WARC-Target-URI: http://x.test/\r\nContent-Type: " + contentType + "\r\nContent-Length: "
                        + block.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(block);
        all.writeBytes(new byte[] {'\r', '\n', '\r', '\n'});
        return all.toByteArray();
    }

    private Entry only(byte[] archive) throws IOException {
        List<Entry> entries = read(archive);
        assertThat(entries).hasSize(1);
        return entries.get(0);
    }

    @Test
    void what_is_no_document_has_a_reason() throws IOException {
        byte[] page = "<p>page</p>".getBytes(StandardCharsets.UTF_8);
        assertThat(only(record("response", "text/dns", page)).reason()).isEqualTo("read.type");
        assertThat(only(record("response", "application/http", page)).reason()).isEqualTo("read.http");
        assertThat(only(reply("X: y", page)).detail()).isEqualTo("no type");
        assertThat(only(record("conversion", "image/png", page)).reason()).isEqualTo("read.type");
        assertThat(only(reply("Content-Type: text/html; charset=iso-2022-kr", page))
                        .reason())
                .isEqualTo("read.charset");
        byte[] binary = {(byte) 0x80, 1, 2, 3, 4, 5};
        for (String coding : List.of("gzip", "br", "deflate", "zstd", "secret", "br, gzip")) {
            assertThat(only(reply("Content-Type: text/html\r\nContent-Encoding: " + coding, binary))
                            .reason())
                    .as(coding)
                    .isEqualTo("read.content_encoding");
        }
    }

    @Test
    void an_archive_without_documents_says_so_and_counts_its_records() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(record("request", "application/http", new byte[] {1}));
        all.writeBytes(record("", "application/http", new byte[] {1}));
        Entry entry = only(all.toByteArray());
        assertThat(entry.reason()).isEqualTo("read.no_documents");
        assertThat(entry.counts()).containsEntry("records.request", 1L).containsEntry("records.without_type", 1L);
    }

    @Test
    void other_codings_are_decoded_also_where_the_header_is_lost() throws IOException {
        byte[] page = "<p>page</p>".getBytes(StandardCharsets.UTF_8);
        for (String headers : List.of(
                "Content-Type: text/html",
                "Content-Type: text/html\r\nContent-Encoding: X-GZIP",
                "CONTENT-TYPE:TEXT/HTML\r\ncontent-encoding:gzip",
                "Content-Type: text/html\r\nContent-Encoding: deflate")) {
            assertThat(only(reply(headers, gzip(page))).text()).as(headers).isEqualTo("<p>page</p>");
        }
        assertThat(only(reply("Content-Type: text/html\r\nContent-Encoding: gzip, gzip", gzip(gzip(page))))
                        .text())
                .isEqualTo("<p>page</p>");
        byte[] zstd =
                com.github.luben.zstd.Zstd.compress("<p>page</p>".repeat(500).getBytes(StandardCharsets.UTF_8));
        assertThat(only(reply("Content-Type: text/html\r\nContent-Encoding: zstd", zstd))
                        .text())
                .hasSize(5500);
    }

    @Test
    void a_blank_line_that_is_missing_costs_nothing() throws IOException {
        byte[] whole = reply("Content-Type: text/html", "<p>page</p>".getBytes(StandardCharsets.UTF_8));
        String text = new String(whole, StandardCharsets.ISO_8859_1);
        for (String broken : List.of(
                text.replace("\r\n\r\nHTTP", "\r\nHTTP"),
                text.replace("\r\n\r\nHTTP", "\r\nX-no-colon\r\n\r\nHTTP"),
                "\r\n\r\n" + text,
                text + "\r\n\r\n\r\n" + text)) {
            assertThat(read(broken.getBytes(StandardCharsets.ISO_8859_1)))
                    .as(broken)
                    .isNotEmpty()
                    .allMatch(entry -> entry.text().equals("<p>page</p>"));
        }
        String inside = text.replace("\r\n\r\n<p>", "\r\n<p>")
                .replaceFirst("Content-Length: \\d+", "Content-Length: " + (text.length() - text.indexOf("HTTP") - 6));
        assertThat(only(inside.getBytes(StandardCharsets.ISO_8859_1)).text()).isEqualTo("<p>page</p>");
    }
}

package dev.jumbo.spark.corpus.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.corpus.document.Fate;
import dev.jumbo.spark.text.Document;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarcInputTest {
    @TempDir
    private Path dir;

    private static byte[] record(String type, String target, String contentType, byte[] block) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(("WARC/1.0\r\nWARC-Type: " + type + "\r\nWARC-Target-URI: " + target
                        + "\r\nWARC-Date: 2024-01-01T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:"
                        + new java.util.UUID(1, target.hashCode()) + ">\r\nContent-Type: " + contentType
                        + "\r\nContent-Length: " + block.length + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        bytes.write(block);
        bytes.write("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return bytes.toByteArray();
    }

    private static byte[] response(String target, int status, String type, byte[] body) throws IOException {
        ByteArrayOutputStream http = new ByteArrayOutputStream();
        http.write(("HTTP/1.1 " + status + " X\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        http.write(body);
        return record("response", target, "application/http; msgtype=response", http.toByteArray());
    }

    private static List<byte[]> records() throws IOException {
        byte[] latin = "<html><p>Grüße</p></html>".getBytes(StandardCharsets.ISO_8859_1);
        byte[] utf8 = "<html><p>naïve</p></html>".getBytes(StandardCharsets.UTF_8);
        return List.of(
                record("warcinfo", "http://x.test/", "application/warc-fields", new byte[] {'a', ':', ' ', 'b'}),
                response("http://x.test/1", 200, "text/html; charset=ISO-8859-1", latin),
                response("http://x.test/2", 404, "text/html", utf8),
                response("http://x.test/3", 200, "image/png", new byte[] {1, 2, 3}),
                response("http://x.test/4", 200, "text/html", utf8),
                record("conversion", "http://x.test/5", "text/plain", "plain text".getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    private List<Entry> read(byte[] archive, String name) throws IOException {
        Path file = Files.write(dir.resolve(name), archive);
        WarcInput input = new WarcInput(file.toString(), "**", List.of("text/html"));
        List<Entry> entries = new ArrayList<>();
        try (Reading reading = input.open(input.splits(0).get(0), 1 << 20)) {
            reading.forEachRemaining(entries::add);
        }
        assertThat(entries).extracting(Entry::id).doesNotHaveDuplicates().isSorted();
        return entries;
    }

    private static byte[] join(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    @Test
    void responses_and_conversions_are_documents() throws IOException {
        List<Entry> entries = read(join(records()), "a.warc");
        assertThat(entries)
                .extracting(Entry::fate)
                .containsExactly(Fate.KEPT, Fate.DROPPED, Fate.DROPPED, Fate.KEPT, Fate.KEPT);
        assertThat(entries.get(0).text()).isEqualTo("<html><p>Grüße</p></html>");
        assertThat(entries.get(0).metadata()).containsEntry(Document.URL, "http://x.test/1");
        assertThat(entries).extracting(Entry::reason).containsExactly("", "read.http_status", "read.type", "", "");
        assertThat(entries.get(2).detail()).isEqualTo("image/png");
        assertThat(entries.get(3).text()).contains("naïve");
        assertThat(entries.get(4).text()).isEqualTo("plain text");
    }

    @Test
    void compressed_and_plain_archives_give_the_same_documents() throws IOException {
        List<byte[]> members = new ArrayList<>();
        for (byte[] record : records()) {
            members.add(gzip(record));
        }
        assertThat(read(join(members), "a.warc.gz"))
                .extracting(Entry::text)
                .isEqualTo(read(join(records()), "a.warc").stream()
                        .map(Entry::text)
                        .toList());
    }

    @Test
    void a_damaged_member_costs_its_record() throws IOException {
        List<byte[]> members = new ArrayList<>();
        for (byte[] record : records()) {
            members.add(gzip(record));
        }
        byte[] damaged = members.get(1).clone();
        for (int i = 20; i < 60; i++) {
            damaged[i] ^= (byte) 0x5a;
        }
        members.set(1, damaged);
        List<Entry> entries = read(join(members), "b.warc.gz");
        assertThat(entries)
                .extracting(Entry::reason)
                .containsExactly("read.corrupt_warc", "read.http_status", "read.type", "", "");
        assertThat(entries.get(0).bytesIn()).isEqualTo(damaged.length);
    }

    @Test
    void a_damaged_header_in_a_plain_archive_costs_its_record() throws IOException {
        List<byte[]> records = new ArrayList<>(records());
        byte[] damaged = records.get(1).clone();
        damaged[0] = 'X';
        records.set(1, damaged);
        List<Entry> entries = read(join(records), "b.warc");
        assertThat(entries)
                .extracting(Entry::reason)
                .containsExactly("read.corrupt_warc", "read.http_status", "read.type", "", "");
    }

    @Test
    void a_wrong_length_in_a_plain_archive_costs_its_record_and_neither_text_nor_the_next() throws IOException {
        for (int wrong : new int[] {10, -10, 100_000}) {
            List<byte[]> records = new ArrayList<>(records());
            byte[] block = block(records.get(4));
            byte[] claimed = new String(records.get(4), StandardCharsets.ISO_8859_1)
                    .replaceFirst("Content-Length: \\d+", "Content-Length: " + (block.length + wrong))
                    .getBytes(StandardCharsets.ISO_8859_1);
            records.set(4, claimed);
            assertThat(read(join(records), "length.warc"))
                    .extracting(Entry::reason)
                    .containsExactly("", "read.http_status", "read.type", "read.corrupt_warc", "");
            assertThat(read(join(records), "length.warc"))
                    .filteredOn(entry -> entry.fate() == Fate.KEPT)
                    .extracting(Entry::text)
                    .containsExactly("<html><p>Grüße</p></html>", "plain text");
        }
    }

    /** What is behind a record's header, without its end. */
    private static byte[] block(byte[] record) {
        String text = new String(record, StandardCharsets.ISO_8859_1);
        return Arrays.copyOfRange(record, text.indexOf("\r\n\r\n") + 4, record.length - 4);
    }

    /** A stored block has no codes that a wrong byte could break: the checksum alone tells. */
    @Test
    void one_wrong_byte_in_a_stored_member_costs_its_record() throws IOException {
        List<byte[]> members = new ArrayList<>();
        for (byte[] record : records()) {
            members.add(stored(record));
        }
        for (int wrong : new int[] {1, 4, 5}) {
            List<byte[]> damaged = new ArrayList<>(members);
            byte[] member = members.get(wrong).clone();
            member[member.length - 20] ^= 1;
            damaged.set(wrong, member);
            List<Entry> entries = read(join(damaged), "stored.warc.gz");
            assertThat(entries).hasSize(5);
            assertThat(entries)
                    .filteredOn(entry -> entry.fate() == Fate.QUARANTINED)
                    .singleElement()
                    .satisfies(
                            entry -> assertThat(entry.source()).endsWith("#" + join(members.subList(0, wrong)).length));
        }
        assertThat(read(join(members), "stored.warc.gz")).noneMatch(entry -> entry.fate() == Fate.QUARANTINED);
    }

    private static byte[] stored(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        GzipParameters parameters = new GzipParameters();
        parameters.setCompressionLevel(Deflater.NO_COMPRESSION);
        parameters.setFileName("a name in the header");
        try (OutputStream gzip = new GzipCompressorOutputStream(bytes, parameters)) {
            gzip.write(content);
        }
        return bytes.toByteArray();
    }

    @Test
    void records_that_share_a_member_are_all_read() throws IOException {
        assertThat(read(gzip(join(records())), "one.warc.gz"))
                .extracting(Entry::text)
                .isEqualTo(read(join(records()), "a.warc").stream()
                        .map(Entry::text)
                        .toList());
    }

    @Test
    void a_long_record_and_one_without_its_end_are_read() throws IOException {
        byte[] text = "long ".repeat(30_000).getBytes(StandardCharsets.UTF_8);
        byte[] record = record("conversion", "http://x.test/6", "text/plain", text);
        byte[] bare = Arrays.copyOf(record, record.length - 4);
        assertThat(read(join(List.of(gzip(bare), gzip(record), stored(bare))), "long.warc.gz"))
                .extracting(entry -> entry.text().length())
                .containsExactly(text.length, text.length, text.length);
    }

    /** By the compressor of Google: zlib.brotliCompressSync of Node.js. */
    @Test
    void pages_are_decoded_and_one_that_cannot_be_costs_itself_and_is_no_damage() throws IOException {
        byte[] page = Base64.getDecoder()
                .decode("G48A+B0Hdgz5ZvNhc1IT6HTKViikJ2SO7P/ePD5VrTosrW5YD1IIMCBqFyIxKSVWzHC5ZvKHlzAjZBa+SrogcxQB");
        List<byte[]> records = new ArrayList<>(List.of(
                encoded("http://x.test/br", "br", page),
                encoded("http://x.test/cut", "br", Arrays.copyOf(page, 30)),
                encoded("http://x.test/none", "secret", page),
                encoded("http://x.test/gzip", "gzip", page)));
        records.addAll(records());
        List<Entry> entries = read(join(records), "encoded.warc");
        assertThat(entries.get(0).text())
                .isEqualTo("<html><p>" + "Un río que nace en la sierra. ".repeat(4) + "</p></html>");
        assertThat(entries.subList(1, 4))
                .allSatisfy(entry -> assertThat(entry.reason()).isEqualTo("read.content_encoding"));
        assertThat(entries.get(2).detail()).contains("secret");
        assertThat(entries.subList(1, 9)).noneMatch(entry -> entry.fate() == Fate.QUARANTINED);
    }

    private static byte[] encoded(String target, String encoding, byte[] body) throws IOException {
        ByteArrayOutputStream http = new ByteArrayOutputStream();
        http.write(("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Encoding: " + encoding
                        + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        http.write(body);
        return record("response", target, "application/http; msgtype=response", http.toByteArray());
    }

    @Test
    void an_archive_that_breaks_off_keeps_what_was_before() throws IOException {
        List<byte[]> members = new ArrayList<>();
        for (byte[] record : records()) {
            members.add(gzip(record));
        }
        byte[] whole = join(members);
        List<Entry> entries = read(Arrays.copyOf(whole, whole.length - 40), "c.warc.gz");
        assertThat(entries.get(entries.size() - 1).fate()).isEqualTo(Fate.QUARANTINED);
        assertThat(entries).hasSize(5);
    }
}

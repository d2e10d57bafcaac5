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
import java.util.List;
import java.util.zip.GZIPOutputStream;
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
    void an_archive_that_breaks_off_keeps_what_was_before() throws IOException {
        List<byte[]> members = new ArrayList<>();
        for (byte[] record : records()) {
            members.add(gzip(record));
        }
        byte[] whole = join(members);
        List<Entry> entries = read(java.util.Arrays.copyOf(whole, whole.length - 40), "c.warc.gz");
        assertThat(entries.get(entries.size() - 1).fate()).isEqualTo(Fate.QUARANTINED);
        assertThat(entries).hasSize(5);
    }
}

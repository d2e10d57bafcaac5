package dev.jumbo.spark.corpus.input;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.corpus.document.Fate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainTextTest {
    private static final String TEXT = "several words of a text, and a second sentence";

    @TempDir
    private Path dir;

    private List<Entry> read(Input input) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (Reading reading = input.open(input.splits(0).get(0), 1 << 20)) {
            reading.forEachRemaining(entries::add);
        }
        return entries;
    }

    private List<Entry> file(byte[] bytes, TextInput.Per per, String charset) throws IOException {
        Path file = Files.write(dir.resolve("a.txt"), bytes);
        return read(new TextInput(file.toString(), "**", per, charset));
    }

    private static byte[] tar(byte[]... contents) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (byte[] content : contents) {
                TarArchiveEntry entry = new TarArchiveEntry("file");
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private List<Entry> archive(byte[] bytes, String charset) throws IOException {
        Path file = Files.write(dir.resolve("a.tar"), bytes);
        return read(new TarInput(file.toString(), "**", charset));
    }

    @Test
    void text_in_utf_16_is_named_as_such_and_not_kept_with_characters_0() throws IOException {
        for (Charset wide : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            for (String mark : List.of("", "\ufeff")) {
                byte[] bytes = (mark + TEXT).getBytes(wide);
                for (String wrong : List.of("UTF-8", "ISO-8859-1", "windows-1252")) {
                    for (TextInput.Per per : TextInput.Per.values()) {
                        assertThat(file(bytes, per, wrong)).singleElement().satisfies(entry -> expect(entry, wide));
                    }
                    assertThat(archive(tar(bytes), wrong)).singleElement().satisfies(entry -> expect(entry, wide));
                }
                assertThat(archive(tar(bytes), wide.name()).get(0).text()).isEqualTo(TEXT);
                assertThat(file(bytes, TextInput.Per.FILE, wide.name()).get(0).text())
                        .isEqualTo(TEXT);
            }
        }
    }

    private static void expect(Entry entry, Charset wide) {
        assertThat(entry.fate()).isEqualTo(Fate.QUARANTINED);
        assertThat(entry.reason()).isEqualTo("read.malformed_text");
        assertThat(entry.detail()).contains("set charset: " + wide);
    }

    @Test
    void utf_16_of_the_other_order_is_no_text() throws IOException {
        byte[] little = TEXT.getBytes(StandardCharsets.UTF_16LE);
        for (String wrong : List.of("UTF-16", "UTF-16BE")) {
            assertThat(file(little, TextInput.Per.FILE, wrong).get(0).detail()).contains("set charset: UTF-16LE");
        }
        byte[] marked = ("\ufeff" + TEXT).getBytes(StandardCharsets.UTF_16LE);
        assertThat(file(marked, TextInput.Per.FILE, "UTF-16").get(0).text()).isEqualTo(TEXT);
    }

    @Test
    void a_binary_file_is_no_text() throws IOException {
        byte[] bytes = {'P', 'K', 3, 4, 0, 20, 1, 2, 'a', 'b'};
        assertThat(file(bytes, TextInput.Per.FILE, "ISO-8859-1").get(0).detail())
                .contains("binary");
    }

    @Test
    void a_header_of_a_tar_that_is_not_what_was_written_ends_the_archive_and_is_no_file() throws IOException {
        byte[] text = TEXT.getBytes(StandardCharsets.UTF_8);
        for (int from : new int[] {0, 1024}) {
            byte[] damaged = tar(text, text, text);
            // Name and mode alone, so that the size still leads to the next header.
            Arrays.fill(damaged, from, from + 108, (byte) 0xff);
            List<Entry> entries = archive(damaged, "UTF-8");
            assertThat(entries).hasSize(from / 1024 + 1);
            assertThat(entries.get(entries.size() - 1).reason()).isEqualTo("read.corrupt_tar");
            assertThat(entries.get(entries.size() - 1).fate()).isEqualTo(Fate.QUARANTINED);
        }
    }
}

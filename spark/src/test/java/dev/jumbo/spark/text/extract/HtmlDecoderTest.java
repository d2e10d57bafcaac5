package dev.jumbo.spark.text.extract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HtmlDecoderTest {
    private static final String TEXT = "<p>Gr\u00fc\u00dfe, \u201cna\u00efve\u201d caf\u00e9</p>";
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    private static byte[] joined(byte[] head, byte[] tail) {
        byte[] all = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, all, head.length, tail.length);
        return all;
    }

    @Test
    void a_byte_order_mark_beats_the_header() {
        byte[] utf8 = joined(new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf}, TEXT.getBytes(StandardCharsets.UTF_8));
        assertThat(HtmlDecoder.decode(utf8, "text/html; charset=iso-8859-1")).isEqualTo(TEXT);
        byte[] wide = joined(new byte[] {(byte) 0xff, (byte) 0xfe}, TEXT.getBytes(StandardCharsets.UTF_16LE));
        assertThat(HtmlDecoder.decode(wide, null)).isEqualTo(TEXT);
    }

    @Test
    void the_header_beats_the_meta_and_latin_1_means_windows_1252() {
        String page = "<meta charset=utf-8>" + TEXT;
        assertThat(HtmlDecoder.decode(page.getBytes(WINDOWS), "text/html;charset=\"ISO-8859-1\""))
                .isEqualTo(page);
    }

    @Test
    void the_meta_counts_without_a_header() {
        String page = "<html><head><META http-equiv='Content-Type' content='text/html; charset=windows-1251'></head>"
                + "\u041f\u043e\u0433\u043e\u0434\u0430";
        assertThat(HtmlDecoder.decode(page.getBytes(Charset.forName("windows-1251")), null))
                .isEqualTo(page);
        assertThat(HtmlDecoder.charset("<meta charset='utf-16'>".getBytes(StandardCharsets.US_ASCII), null))
                .isEqualTo(StandardCharsets.UTF_8);
    }

    @Test
    void without_a_word_it_is_utf_8_if_that_is_valid() {
        assertThat(HtmlDecoder.decode(TEXT.getBytes(StandardCharsets.UTF_8), null))
                .isEqualTo(TEXT);
        assertThat(HtmlDecoder.decode(TEXT.getBytes(WINDOWS), null)).isEqualTo(TEXT);
        assertThat(HtmlDecoder.decode(TEXT.getBytes(WINDOWS), "text/html; charset=nonsense"))
                .isEqualTo(TEXT);
    }

    @Test
    void utf_8_that_is_not_is_a_mistake() {
        assertThat(HtmlDecoder.decode(TEXT.getBytes(WINDOWS), "text/html; charset=utf-8"))
                .isEqualTo(TEXT);
        assertThat(HtmlDecoder.decode(new byte[0], "text/html; charset=utf-8")).isEmpty();
    }
}

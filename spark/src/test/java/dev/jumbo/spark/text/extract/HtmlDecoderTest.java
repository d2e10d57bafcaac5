package dev.jumbo.spark.text.extract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.spark.text.charset.WebCharset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
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
                .isEqualTo(WebCharset.UTF_8);
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

    /** Chromium 156: see {@code make_charset_fixtures.py}; its frame's own charset, windows-1257, means that it found none. */
    @Test
    void marks_headers_and_metas_mean_what_they_mean_in_a_browser() throws IOException {
        JsonNode pages;
        try (InputStream in =
                Objects.requireNonNull(HtmlDecoderTest.class.getResourceAsStream("/text/charsets.json"), "pages")) {
            pages = new ObjectMapper().readTree(in).get("pages");
        }
        assertThat(pages.size()).isGreaterThan(100);
        for (JsonNode each : pages) {
            byte[] page = Base64.getDecoder().decode(each.get(1).asText());
            String header = each.get(0).isNull() ? null : each.get(0).asText();
            String browser = each.get(2).asText();
            String name = HtmlDecoder.charset(page, header).name();
            assertThat(name)
                    .as("%s %s", header, new String(page, StandardCharsets.ISO_8859_1))
                    // These pages have bytes that are not UTF-8: announced or not, they are taken for windows-1252.
                    .isIn(
                            browser.equals("windows-1257") || browser.equals("UTF-8")
                                    ? List.of("windows-1252", "UTF-8")
                                    : List.of(browser));
        }
    }

    @Test
    void utf_8_with_one_bad_byte_or_cut_inside_its_last_character_is_utf_8() {
        byte[] many = "\u00e9".repeat(500).getBytes(StandardCharsets.UTF_8);
        byte[] bad = joined(new byte[] {(byte) 0xff}, many);
        for (String header : new String[] {null, "text/html", "text/html; charset=utf-8"}) {
            assertThat(HtmlDecoder.decode(bad, header)).isEqualTo("\ufffd" + "\u00e9".repeat(500));
            for (String text : new String[] {"na\u00efve\u20ac", "\u20ac", "abc\ud83d\ude00"}) {
                byte[] whole = text.getBytes(StandardCharsets.UTF_8);
                String rest = text.substring(0, text.offsetByCodePoints(text.length(), -1));
                assertThat(HtmlDecoder.decode(Arrays.copyOf(whole, whole.length - 1), header))
                        .isEqualTo(rest + "\ufffd");
            }
        }
    }

    @Test
    void plain_text_that_tells_of_a_meta_has_none() {
        String text = "Write <meta charset=koi8-r>: " + TEXT;
        assertThat(HtmlDecoder.decode(text.getBytes(StandardCharsets.UTF_8), "text/plain"))
                .isEqualTo(text);
    }
}

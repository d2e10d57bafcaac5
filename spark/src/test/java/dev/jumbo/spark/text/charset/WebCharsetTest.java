package dev.jumbo.spark.text.charset;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** Against Chromium 156: see {@code make_charset_fixtures.py}. */
class WebCharsetTest {
    private static JsonNode fixture(String part) throws IOException {
        try (InputStream in = Objects.requireNonNull(
                WebCharsetTest.class.getResourceAsStream("/text/charsets.json"), "charsets.json")) {
            return new ObjectMapper().readTree(in).get(part);
        }
    }

    private static WebCharset charset(String label) {
        return Objects.requireNonNull(WebCharset.ofLabel(label), label);
    }

    @Test
    void all_228_labels_of_the_standard_mean_what_they_mean_in_a_browser() throws IOException {
        JsonNode labels = fixture("labels");
        assertThat(labels.size()).isEqualTo(228);
        labels.fields()
                .forEachRemaining(label -> assertThat(charset(label.getKey()).name())
                        .isEqualToIgnoringCase(label.getValue().asText()));
        assertThat(charset(" \tLatin1\n")).isEqualTo(WebCharset.WINDOWS_1252);
        assertThat(WebCharset.ofLabel("utf-7")).isNull();
        assertThat(WebCharset.ofLabel("")).isNull();
    }

    @Test
    void texts_of_pythons_codecs_and_noise_become_the_characters_that_a_browser_makes() throws IOException {
        JsonNode texts = fixture("texts");
        assertThat(texts.size()).isGreaterThan(500);
        for (JsonNode each : texts) {
            byte[] bytes = Base64.getDecoder().decode(each.get(1).asText());
            assertThat(charset(each.get(0).asText()).decode(bytes))
                    .as("%s %s", each.get(0), each.get(1))
                    .isEqualTo(each.get(2).asText());
        }
    }

    @Test
    void every_pair_of_bytes_of_chinese_japanese_and_korean_is_the_browsers() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int a = 0x80; a < 256; a++) {
            for (int b = 0x30; b < 256; b++) {
                if (a == 0x8f ? b < 0xa1 : a != 0x88 || b != 0x62 && b != 0x64 && b != 0xa3 && b != 0xa5) {
                    all.writeBytes(new byte[] {(byte) a, (byte) b, 10});
                }
            }
        }
        for (int a = 0xa1; a < 256; a++) {
            for (int b = 0xa1; b < 256; b++) {
                all.writeBytes(new byte[] {(byte) 0x8f, (byte) a, (byte) b, 10});
            }
        }
        for (int a = 0x81; a < 0x85; a++) {
            for (int b = 0x30; b < 0x3a; b++) {
                for (int c = 0x81; c < 255; c++) {
                    for (int d = 0x30; d < 0x3a; d++) {
                        all.writeBytes(new byte[] {(byte) a, (byte) b, (byte) c, (byte) d, 10});
                    }
                }
            }
        }
        for (JsonNode sum : fixture("sums")) {
            CRC32 crc = new CRC32();
            crc.update(charset(sum.get(0).asText()).decode(all.toByteArray()).getBytes(StandardCharsets.UTF_8));
            assertThat(crc.getValue())
                    .as(sum.get(0).asText())
                    .isEqualTo(sum.get(1).asLong());
        }
    }

    /** The table in the standard's Big5 decoder. */
    @Test
    void four_pairs_of_big5_are_two_characters_each() {
        byte[] pairs = {(byte) 0x88, 0x62, (byte) 0x88, 0x64, (byte) 0x88, (byte) 0xa3, (byte) 0x88, (byte) 0xa5};
        assertThat(charset("big5-hkscs").decode(pairs)).isEqualTo("\u00ca\u0304\u00ca\u030c\u00ea\u0304\u00ea\u030c");
    }

    @Test
    void what_no_browser_decodes_is_one_replacement_character() {
        assertThat(charset("iso-2022-kr").decode(new byte[] {65, 66})).isEqualTo("\ufffd");
        assertThat(charset("hz-gb-2312").decode(new byte[0])).isEmpty();
    }
}

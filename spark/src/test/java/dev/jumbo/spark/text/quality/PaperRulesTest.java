package dev.jumbo.spark.text.quality;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import dev.jumbo.spark.text.TextStep;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** Against make_quality_fixtures.py, which has the same rules in another way. */
class PaperRulesTest {
    private static JsonNode fixtures() throws IOException {
        try (InputStream in = PaperRulesTest.class.getResourceAsStream("/text/quality.json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in));
        }
    }

    @Test
    void gopher_quality_decides_as_the_other_implementation() throws IOException {
        compare(GopherQuality.defaults(), "gopher_quality", 9);
    }

    @Test
    void gopher_repetition_decides_as_the_other_implementation() throws IOException {
        compare(GopherRepetition.defaults(), "gopher_repetition", 8);
    }

    @Test
    void fineweb_decides_as_the_other_implementation() throws IOException {
        compare(FineWebQuality.defaults(), "fineweb", 4);
    }

    @Test
    void c4_decides_and_keeps_the_same_lines_as_the_other_implementation() throws IOException {
        compare(C4Quality.defaults(), "c4", 4);
        compare(C4Quality.fineWeb(), "c4_fineweb", 4);
    }

    /** @param outcomes how many different ones the fixtures must have, so that the test means something */
    private static void compare(TextStep step, String key, int outcomes) throws IOException {
        List<String> differences = new ArrayList<>();
        TreeSet<String> seen = new TreeSet<>();
        for (JsonNode fixture : fixtures()) {
            String text = fixture.get("text").textValue();
            Outcome outcome = step.apply(Document.of("x", text));
            String expected = fixture.get(key).textValue();
            seen.add(expected);
            String actual = outcome instanceof Outcome.Dropped dropped ? dropped.reason() : "";
            if (!actual.equals(expected)) {
                differences.add(expected + " but " + outcome + ": " + text);
            }
            JsonNode crc = fixture.get(key + "_text");
            if (crc != null
                    && outcome instanceof Outcome.Kept kept
                    && crc(kept.document().text()) != crc.longValue()) {
                differences.add("other lines: " + kept.document().text());
            }
        }
        assertThat(differences).isEmpty();
        assertThat(seen).hasSizeGreaterThanOrEqualTo(outcomes);
    }

    private static long crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }
}

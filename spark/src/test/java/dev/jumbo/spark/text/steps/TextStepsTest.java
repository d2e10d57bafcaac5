package dev.jumbo.spark.text.steps;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.config.Records;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import dev.jumbo.spark.text.TextStep;
import dev.jumbo.spark.text.extract.ExtractHtml;
import dev.jumbo.spark.text.language.LanguageFilter;
import dev.jumbo.spark.text.privacy.PrivateData;
import dev.jumbo.spark.text.quality.C4Quality;
import dev.jumbo.spark.text.quality.FineWebQuality;
import dev.jumbo.spark.text.quality.GopherQuality;
import dev.jumbo.spark.text.quality.GopherRepetition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TextStepsTest {
    private static final Records RECORDS = Records.of().with(TextStep.class, TextSteps.kinds());

    @Test
    void what_a_file_leaves_out_is_what_the_factories_give() throws Exception {
        Map<String, TextStep> defaults = Map.of(
                "c4_quality", C4Quality.defaults(),
                "extract_html", ExtractHtml.defaults(),
                "fineweb_quality", FineWebQuality.defaults(),
                "gopher_quality", GopherQuality.defaults(),
                "gopher_repetition", GopherRepetition.defaults(),
                "language", LanguageFilter.english(),
                "private_data", PrivateData.all());
        for (Map.Entry<String, TextStep> step : defaults.entrySet()) {
            JsonNode bare = new ObjectMapper().readTree("{\"" + step.getKey() + "\": {}}");
            assertThat(RECORDS.read(TextStep.class, "test", bare)).isEqualTo(step.getValue());
        }
    }

    @Test
    void every_step_can_be_written_and_read_again() {
        for (TextStep step : TextSteps.fineWeb()) {
            assertThat(RECORDS.read(TextStep.class, "test", RECORDS.write(TextStep.class, step)))
                    .isEqualTo(step);
        }
    }

    @Test
    void steps_follow_each_other_until_one_drops_the_document() {
        List<TextStep> steps = List.of(PrivateData.all(), GopherQuality.defaults());
        Outcome dropped = TextSteps.apply(steps, Document.of("x", "Write to a@example.org."));
        assertThat(((Outcome.Dropped) dropped).reason()).isEqualTo("gopher.too_few_words");
        String prose = "They have written to a@example.org and to the others. ".repeat(8);
        Outcome.Kept kept = (Outcome.Kept) TextSteps.apply(steps, Document.of("x", prose));
        assertThat(kept.counts()).isEqualTo(Map.of("private_data.email", 8));
        assertThat(kept.document().text()).contains("written to <EMAIL> and").doesNotContain("@");
    }
}

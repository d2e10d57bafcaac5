package dev.jumbo.spark.corpus.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.spark.corpus.document.Fate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportPageTest {
    private static CorpusReport report(long kept) {
        Reason reason = new Reason("language.other", Fate.DROPPED, 1000 - kept, 7, List.of());
        StageReport read = new StageReport("00-read", 1000, 1000, 0, 0, 3400, 3400, List.of(), Map.of(), 1, false);
        StageReport stage = new StageReport(
                "01-language", 1000, kept, 1000 - kept, 0, 3400, 412, List.of(reason), Map.of(), 1, false);
        return CorpusReport.of(List.of(read, stage), 2, null)
                .of(
                        "/data/corpus",
                        List.of("/in/a.warc.gz"),
                        "2026-01-02 03:04 UTC",
                        Map.of("en", kept),
                        Map.of("de", 9L));
    }

    @Test
    void a_report_says_what_it_is_about_in_which_colours_and_small_sizes_in_small_units() {
        assertThat(ReportPage.of(report(900)))
                .contains("/data/corpus", "2026-01-02 03:04 UTC", "/in/a.warc.gz", "dropped by a rule")
                .contains("English (en)", "German (de)", "3.4 kB", "412 B", "name=\"viewport\"")
                .doesNotContain("0.00 MB", "class=\"warning\"");
    }

    @Test
    void a_corpus_without_documents_warns_with_the_stage_that_took_the_last() {
        assertThat(report(1).warning()).isEmpty();
        assertThat(report(0).warning())
                .hasValueSatisfying(warning ->
                        assertThat(warning).contains("the corpus is empty", "01-language", "1,000", "language.other"));
        assertThat(ReportPage.of(report(0))).contains("class=\"warning\"");
    }

    @Test
    void sizes_have_the_largest_unit_of_which_there_is_one() {
        assertThat(List.of(Html.size(0), Html.size(999), Html.size(1000), Html.size(999_949), Html.size(999_999)))
                .containsExactly("0 B", "999 B", "1.0 kB", "999.9 kB", "1.0 MB");
        assertThat(Html.size(2.5e12)).isEqualTo("2.5 TB");
    }
}

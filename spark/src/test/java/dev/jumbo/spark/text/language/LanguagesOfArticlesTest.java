package dev.jumbo.spark.text.language;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.pemistahl.lingua.api.IsoCode639_1;
import com.github.pemistahl.lingua.api.LanguageDetector;
import com.github.pemistahl.lingua.api.LanguageDetectorBuilder;
import dev.jumbo.spark.SharedData;
import dev.jumbo.spark.text.Figures;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** Languages of real articles, whole and in pieces of 40 characters, beside what Lingua finds in its slow mode and in its fast one. */
class LanguagesOfArticlesTest {
    /** Those that Lingua knows. */
    private static final List<String> CODES = LanguageFilter.english().others().stream()
            .filter(code -> !CommonWords.BORROWED.containsKey(code))
            .toList();

    private static final int PIECE = 40;

    private static LanguageDetectorBuilder lingua() {
        return LanguageDetectorBuilder.fromIsoCodes639_1(CODES.stream()
                .map(code -> IsoCode639_1.valueOf(code.toUpperCase(Locale.ROOT)))
                .toArray(IsoCode639_1[]::new));
    }

    private static String code(LanguageDetector lingua, String text) {
        return lingua.detectLanguageOf(text).getIsoCode639_1().name().toLowerCase(Locale.ROOT);
    }

    @Test
    void short_pieces_are_told_better_than_by_the_fast_mode_of_Lingua() throws IOException {
        Languages ours = Languages.between(CODES);
        LanguageDetector slow = lingua().build();
        LanguageDetector fast = lingua().withLowAccuracyMode().build();
        int texts = 0;
        int alike = 0;
        int pieces = 0;
        int byUs = 0;
        int byFast = 0;
        for (JsonNode article : articles()) {
            String text = article.path("articleBody").asText();
            String language = code(slow, text.substring(0, Math.min(2000, text.length())));
            texts++;
            alike += ours.guess(text).code().equals(language) ? 1 : 0;
            for (int i = 0; i + PIECE < text.length() && i < 2000; i += 5 * PIECE) {
                String piece = text.substring(i, i + PIECE);
                pieces++;
                byUs += ours.guess(piece).code().equals(language) ? 1 : 0;
                byFast += code(fast, piece).equals(language) ? 1 : 0;
            }
        }
        Figures.write(
                "languages",
                texts + " texts, " + alike + " as by Lingua's slow mode\n" + pieces + " pieces as the whole by it: "
                        + byUs + ", and by its fast mode " + byFast + "\n");
        assertThat(alike).isGreaterThanOrEqualTo(texts - 1);
        assertThat(byUs).isGreaterThan(byFast);
    }

    private static JsonNode articles() throws IOException {
        String file = "article-extraction/article-extraction-benchmark.zip";
        try (ZipFile zip = new ZipFile(SharedData.requireWhenAsked(file).toFile())) {
            return new ObjectMapper().readTree(zip.getInputStream(zip.getEntry("ground-truth.json")));
        }
    }
}

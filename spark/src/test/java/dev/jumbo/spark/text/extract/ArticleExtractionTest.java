package dev.jumbo.spark.text.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.spark.SharedData;
import dev.jumbo.spark.text.Figures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/**
 * The 181 pages of Scrapinghub's benchmark. Whoever changes a rule looks at the pages with an even first digit of their name
 * alone; the others judge it. What other programs found is scored by the same measure.
 */
class ArticleExtractionTest {
    private static final String ZIP = "article-extraction/article-extraction-benchmark.zip";
    private static final String EVEN = "02468ace";
    private static final String ODD = "13579bdf";
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void the_measure_counts_four_grams_with_repeats() {
        // True: abcd bcde cdef; found: abcd bcde bcde is impossible in a row, so: a b c d e a b c d.
        ArticleScore score = ArticleScore.of("a b c d e f", "a b, c d. e a b c d");
        assertThat(score).isEqualTo(new ArticleScore(2, 4, 1));
        assertThat(ArticleScore.of("one two", "one two")).isEqualTo(new ArticleScore(1, 0, 0));
        assertThat(ArticleScore.of("", "")).isEqualTo(new ArticleScore(0, 0, 0));
        ArticleScore.Mean mean =
                ArticleScore.mean(List.of(score, new ArticleScore(0, 0, 5), new ArticleScore(3, 1, 0)));
        assertThat(mean.precision()).isCloseTo((2.0 / 6 + 3.0 / 4) / 2, within(1e-12));
        assertThat(mean.recall()).isCloseTo((2.0 / 3 + 0 + 1) / 3, within(1e-12));
    }

    @Test
    void the_main_text_of_articles_is_found() throws IOException {
        try (ZipFile zip = new ZipFile(SharedData.require(ZIP).toFile())) {
            Map<String, String> truth = bodies(zip, entry(zip, "ground-truth.json"));
            Map<String, Map<String, String>> systems = new TreeMap<>();
            systems.put("jumbo", extracted(zip, truth));
            for (ZipEntry entry : zip.stream().toList()) {
                if (entry.getName().matches(".*output/[^/]+\\.json")) {
                    String name = entry.getName().replaceAll(".*/|\\.json$", "");
                    systems.put(name, bodies(zip, entry));
                }
            }
            StringBuilder figures = new StringBuilder(
                    "system                F1     precision recall   F1 on the half for tuning, and on the other\n");
            systems.forEach((name, found) -> {
                ArticleScore.Mean all = ArticleScore.mean(scores(truth, found, ""));
                figures.append(String.format(
                        Locale.ROOT,
                        "%-20s  %.3f  %.3f     %.3f    %.3f %.3f%n",
                        name,
                        all.f1(),
                        all.precision(),
                        all.recall(),
                        f1(truth, found, EVEN),
                        f1(truth, found, ODD)));
            });
            Figures.write("article-extraction", figures);
            assertThat(truth).hasSize(181);
            Files.writeString(Path.of("target/figures/article-extraction.json"), json(systems.get("jumbo")));
            assertThat(f1(truth, systems.get("jumbo"), "")).isGreaterThan(0.968);
            assertThat(f1(truth, systems.get("jumbo"), ODD)).isGreaterThan(0.956);
        }
    }

    private static double f1(Map<String, String> truth, Map<String, String> found, String digits) {
        return ArticleScore.mean(scores(truth, found, digits)).f1();
    }

    /** As the benchmark's files of what systems find, for {@code src/test/python/score_articles.py}. */
    private static String json(Map<String, String> found) throws IOException {
        Map<String, Map<String, String>> pages = new TreeMap<>();
        found.forEach((page, text) -> pages.put(page, Map.of("articleBody", text)));
        return JSON.writeValueAsString(pages);
    }

    /** @param digits first characters of the pages' names; empty: all pages */
    private static List<ArticleScore> scores(Map<String, String> truth, Map<String, String> found, String digits) {
        List<ArticleScore> scores = new ArrayList<>();
        truth.forEach((page, text) -> {
            if (digits.isEmpty() || digits.indexOf(page.charAt(0)) >= 0) {
                scores.add(ArticleScore.of(text, found.getOrDefault(page, "")));
            }
        });
        return scores;
    }

    private static Map<String, String> extracted(ZipFile zip, Map<String, String> truth) throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (String page : truth.keySet()) {
            try (InputStream in = new GZIPInputStream(zip.getInputStream(entry(zip, "html/" + page + ".html.gz")))) {
                found.put(
                        page,
                        MainText.of(HtmlDecoder.decode(in.readAllBytes(), null)).text());
            }
        }
        return found;
    }

    private static ZipEntry entry(ZipFile zip, String end) {
        return zip.stream()
                .filter(entry -> entry.getName().equals(end) || entry.getName().endsWith('/' + end))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + end + " in " + zip.getName()));
    }

    private static Map<String, String> bodies(ZipFile zip, ZipEntry entry) throws IOException {
        Map<String, String> bodies = new TreeMap<>();
        try (InputStream in = zip.getInputStream(entry)) {
            for (Map.Entry<String, JsonNode> page : JSON.readTree(in).properties()) {
                bodies.put(page.getKey(), page.getValue().path("articleBody").asText(""));
            }
        }
        return bodies;
    }
}

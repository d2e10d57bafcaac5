package dev.jumbo.spark.text.quality;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.spark.SharedData;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Figures;
import dev.jumbo.spark.text.Outcome;
import dev.jumbo.spark.text.TextStep;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;

/** {@code compatible: datatrove} beside what datatrove itself said (make_datatrove_fixtures.py). */
class DatatroveTest {
    private static final Map<String, TextStep> STEPS = steps(Compatible.DATATROVE);

    private static Map<String, TextStep> steps(Compatible compatible) {
        Map<String, TextStep> steps = new LinkedHashMap<>();
        steps.put("gopher_quality", GopherQuality.defaults(compatible));
        steps.put("gopher_repetition", GopherRepetition.defaults(compatible));
        steps.put("c4", new C4Quality(true, 3, 1000, 5, true, true, true, true, true, compatible));
        steps.put("c4_fineweb", C4Quality.fineWeb(compatible));
        steps.put("fineweb", FineWebQuality.defaults(compatible));
        return steps;
    }

    /** Jumbo's names of datatrove's reasons, in the order of the letters of the fixtures. */
    private static final Map<String, List<String>> REASONS = Map.of(
            "gopher_quality",
                    List.of(
                            "too_few_words",
                            "too_many_words",
                            "short_words",
                            "long_words",
                            "hash_signs",
                            "ellipses",
                            "bullet_lines",
                            "ellipsis_lines",
                            "not_alphabetic",
                            "stop_words"),
            "gopher_repetition",
                    List.of(
                            "duplicate_paragraphs",
                            "duplicate_paragraph_characters",
                            "duplicate_lines",
                            "duplicate_line_characters",
                            "top_2_gram",
                            "top_3_gram",
                            "top_4_gram",
                            "duplicate_5_grams",
                            "duplicate_6_grams",
                            "duplicate_7_grams",
                            "duplicate_8_grams",
                            "duplicate_9_grams",
                            "duplicate_10_grams"),
            "c4", List.of("lorem_ipsum", "curly_bracket", "too_few_sentences"),
            "c4_fineweb", List.of("lorem_ipsum", "curly_bracket", "too_few_sentences"),
            "fineweb", List.of("line_punctuation", "line_punctuation", "short_lines", "duplicate_lines", "newlines"));

    /** All with -Djumbo.corpora=true, which takes a minute and a half. */
    private static final int EVERY = Boolean.getBoolean("jumbo.corpora") ? 1 : 12;

    private static InputStream resource(String name) {
        return Objects.requireNonNull(DatatroveTest.class.getResourceAsStream("/text/" + name));
    }

    private static String reason(Outcome outcome) {
        return outcome instanceof Outcome.Dropped dropped
                ? dropped.reason().substring(dropped.reason().indexOf('.') + 1)
                : "";
    }

    @Test
    void words_verdicts_and_kept_lines_of_edge_cases_are_those_of_datatrove() throws IOException {
        List<String> differences = new ArrayList<>();
        for (JsonNode fixture : new ObjectMapper().readTree(resource("datatrove-cases.json"))) {
            String text = fixture.get("text").textValue();
            List<String> expected = List.of(fixture.get("words").textValue().split(" "));
            if (!text.isBlank() && !words(text).equals(expected)) {
                differences.add("words " + firstDifference(words(text), expected));
            }
            STEPS.forEach((name, step) -> {
                Outcome outcome = step.apply(Document.of("x", text));
                String theirs = fixture.get(name).textValue();
                // datatrove divides by zero where there is nothing.
                if (!theirs.equals("error")
                        && theirs.isEmpty() != reason(outcome).isEmpty()) {
                    differences.add(name + ": " + outcome + " but " + theirs + ": " + text);
                }
                JsonNode kept = fixture.get(name + "_text");
                if (kept != null
                        && outcome instanceof Outcome.Kept here
                        && crc(here.document().text()) != kept.longValue()) {
                    differences.add(name + " keeps other lines of " + text);
                }
            });
        }
        assertThat(differences).isEmpty();
    }

    private static long crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    private static List<String> words(String text) {
        SpacyWords words = SpacyWords.of(text);
        List<String> all = new ArrayList<>();
        for (int word = 0; word < words.count(); word++) {
            all.add(words.word(word));
        }
        return all;
    }

    private static String firstDifference(List<String> here, List<String> there) {
        int at = 0;
        while (at < here.size() && at < there.size() && here.get(at).equals(there.get(at))) {
            at++;
        }
        return here.subList(Math.max(0, at - 1), Math.min(here.size(), at + 4)) + " but "
                + there.subList(Math.max(0, at - 1), Math.min(there.size(), at + 4));
    }

    @Test
    void verdicts_on_20_newsgroups_agree_with_datatrove_in_99_of_100() throws IOException {
        Map<String, TextStep> own = steps(Compatible.NONE);
        Map<String, int[]> alike = new LinkedHashMap<>();
        STEPS.keySet().forEach(name -> alike.put(name, new int[3]));
        int step = 0;
        int documents = 0;
        int words = 0;
        try (BufferedReader fixtures = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(resource("datatrove-20news.txt.gz")), StandardCharsets.UTF_8));
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(new BufferedInputStream(
                        Files.newInputStream(SharedData.require("20newsgroups/20news-bydate.tar.gz")))))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (!entry.isFile()) {
                    continue;
                }
                String[] fixture = fixtures.readLine().split(" ");
                assertThat(fixture[0]).isEqualTo(entry.getName());
                if (step++ % EVERY != 0) {
                    continue;
                }
                Document document =
                        Document.of(fixture[0], new String(tar.readAllBytes(), StandardCharsets.ISO_8859_1));
                documents++;
                words += SpacyWords.of(document.text()).count() == Integer.parseInt(fixture[1]) ? 1 : 0;
                int place = 0;
                for (Map.Entry<String, TextStep> rule : STEPS.entrySet()) {
                    char letter = fixture[3].charAt(place++);
                    String theirs = letter == '.'
                            ? ""
                            : requireNonNull(REASONS.get(rule.getKey())).get(letter - 'a');
                    String here = reason(rule.getValue().apply(document));
                    int[] count = requireNonNull(alike.get(rule.getKey()));
                    count[0] += theirs.isEmpty() == here.isEmpty() ? 1 : 0;
                    count[1] += theirs.equals(here) ? 1 : 0;
                    count[2] += theirs.isEmpty()
                                    == reason(requireNonNull(own.get(rule.getKey()))
                                                    .apply(document))
                                            .isEmpty()
                            ? 1
                            : 0;
                }
            }
        }
        StringBuilder figures = new StringBuilder(documents + " documents, as many words in " + words + "\n"
                + "rule               verdicts alike  reasons alike  verdicts of compatible: none\n");
        for (Map.Entry<String, int[]> rule : alike.entrySet()) {
            int[] count = rule.getValue();
            figures.append(String.format(
                    Locale.ROOT,
                    "%-18s %.4f          %.4f         %.4f%n",
                    rule.getKey(),
                    (double) count[0] / documents,
                    (double) count[1] / documents,
                    (double) count[2] / documents));
            assertThat(count[0]).as(rule.getKey()).isGreaterThanOrEqualTo((int) (0.99 * documents));
        }
        Figures.write("datatrove", figures);
    }
}

package dev.jumbo.spark.text.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.spark.SharedData;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Figures;
import dev.jumbo.spark.text.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/** Sentences whose language is known: 243 of 55 languages, long and short, written for this test, and captions of multi30k. */
class LanguagesOfSentencesTest {
    private static final List<String> CODES = LanguageFilter.english().others();

    private record Sentence(String language, String text) {}

    private static List<Sentence> sentences() throws IOException {
        try (InputStream in = LanguagesOfSentencesTest.class.getResourceAsStream("/text/sentences.tsv")) {
            String all = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return all.lines()
                    .map(line -> new Sentence(line.substring(0, 2), line.substring(3)))
                    .toList();
        }
    }

    private static Languages.Guess guess(String text) {
        return Languages.between(CODES).guess(Sample.of(text, 300));
    }

    @Test
    void sentences_of_55_languages_are_told_apart() throws IOException {
        List<String> wrong = new ArrayList<>();
        List<String> unsure = new ArrayList<>();
        for (Sentence sentence : sentences()) {
            Languages.Guess guess = guess(sentence.text);
            if (!guess.code().equals(sentence.language)) {
                wrong.add(sentence.language + " is not " + guess + ": " + sentence.text);
            } else if (guess.confidence() < 0.65) {
                unsure.add(guess + ": " + sentence.text);
            }
        }
        // Two of five words in Slovenian and Croatian, which differ in little more than these.
        assertThat(wrong).hasSizeLessThanOrEqualTo(2).allMatch(line -> line.startsWith("sl") || line.startsWith("hr"));
        assertThat(unsure).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void a_filter_keeps_the_sentences_of_its_language_and_no_others() throws IOException {
        for (String language : List.of("zh", "ja", "ar", "fa", "ur", "ru", "bg", "hi", "ne", "he", "yi", "cs", "es")) {
            LanguageFilter filter = LanguageFilter.of(language);
            for (Sentence sentence : sentences()) {
                boolean kept = filter.apply(Document.of("x", sentence.text)) instanceof Outcome.Kept;
                boolean uncertain = sentence.text.equals("\u5317\u4eac\u5927\u5b66"); // Japanese writes it so too.
                assertThat(kept)
                        .as("%s of %s", sentence, language)
                        .isEqualTo(sentence.language.equals(language) && !uncertain);
            }
        }
    }

    @Test
    void captions_of_multi30k_are_in_their_language() throws IOException {
        StringBuilder figures = new StringBuilder();
        for (String language : List.of("en", "de", "fr")) {
            int all = 0;
            int right = 0;
            int sure = 0;
            var file = SharedData.require("multi30k/train." + language + ".gz");
            try (BufferedReader lines = new BufferedReader(
                    new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    Languages.Guess guess = guess(line);
                    all++;
                    right += guess.code().equals(language) ? 1 : 0;
                    sure += guess.code().equals(language) && guess.confidence() >= 0.65 ? 1 : 0;
                }
            }
            figures.append(language + ": " + all + " captions, " + right + " right, of these sure " + sure + "\n");
            assertThat(right).isGreaterThan((int) (0.999 * all));
            assertThat(sure).isGreaterThan((int) (0.985 * all));
        }
        Figures.write("captions", figures.toString());
    }

    @Test
    void one_word_of_English_does_not_make_a_text_English() {
        String thai =
                "\u0e2a\u0e16\u0e32\u0e19\u0e35\u0e17\u0e35\u0e48\u0e43\u0e01\u0e25\u0e49\u0e17\u0e35\u0e48\u0e2a\u0e38\u0e14";
        assertThat(Languages.between(List.of("en", "de"))
                        .guess(thai + " Facebook")
                        .code())
                .isEmpty();
        Languages.Guess half = guess("The house by the sea was old \u6d77\u8fb9\u7684\u65e7\u623f\u5b50\u5df2");
        assertThat(half.confidence()).isLessThan(0.65);
    }

    @Test
    void the_forms_of_Unicode_do_not_matter() throws IOException {
        for (Sentence sentence : sentences()) {
            assertThat(guess(Normalizer.normalize(sentence.text, Normalizer.Form.NFD))
                            .code())
                    .isEqualTo(guess(sentence.text).code());
        }
        StringBuilder wide = new StringBuilder();
        "where is the nearest station".chars().forEach(c -> wide.append((char) (c == ' ' ? ' ' : c + 0xfee0)));
        assertThat(guess(wide.toString()).code()).isEqualTo("en");
    }

    @Test
    void numbers_and_code_have_no_language() {
        for (String text : List.of(
                "", "2024-11-05 14:33", "x=1;y=f(x)", "\ud83d\ude00 \ud83d\ude00", "...", "00:1b:44:11:3a:b7")) {
            assertThat(guess(text).code()).as(text).isEmpty();
        }
    }
}

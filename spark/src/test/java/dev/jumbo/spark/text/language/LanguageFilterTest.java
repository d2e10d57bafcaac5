package dev.jumbo.spark.text.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.pemistahl.lingua.api.IsoCode639_1;
import com.github.pemistahl.lingua.api.LanguageDetector;
import com.github.pemistahl.lingua.api.LanguageDetectorBuilder;
import dev.jumbo.error.InputException;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LanguageFilterTest {
    private static final Map<String, String> TEXTS = Map.of(
            "en", "The weather was so bad that nobody wanted to leave the house before the evening came.",
            "de", "Das Wetter war so schlecht, dass vor dem Abend niemand das Haus verlassen wollte.",
            "fr", "Le temps \u00e9tait si mauvais que personne ne voulait quitter la maison avant le soir.",
            "es", "El tiempo era tan malo que nadie quer\u00eda salir de la casa antes de que llegara la noche.",
            "ru",
                    "\u041f\u043e\u0433\u043e\u0434\u0430 \u0431\u044b\u043b\u0430 \u0442\u0430\u043a\u043e\u0439 \u043f\u043b\u043e\u0445\u043e\u0439, \u0447\u0442\u043e \u043d\u0438\u043a\u0442\u043e \u043d\u0435 \u0445\u043e\u0442\u0435\u043b \u0432\u044b\u0445\u043e\u0434\u0438\u0442\u044c.");

    @Test
    void wanted_languages_stay_and_others_go() {
        LanguageFilter english = LanguageFilter.english();
        TEXTS.forEach((code, text) -> {
            Outcome outcome = english.apply(Document.of("x", text));
            if (code.equals("en")) {
                Document kept = ((Outcome.Kept) outcome).document();
                assertThat(kept.metadata()).containsEntry(Document.LANGUAGE, "en");
                assertThat(Double.parseDouble(kept.metadata().getOrDefault(Document.LANGUAGE_SCORE, "0")))
                        .isBetween(0.65, 1.0);
            } else {
                assertThat(((Outcome.Dropped) outcome).reason()).isEqualTo("language.other");
                assertThat(((Outcome.Dropped) outcome).detail()).startsWith(code);
            }
        });
    }

    @Test
    void no_letters_have_no_language() {
        assertThat(((Outcome.Dropped) LanguageFilter.english().apply(Document.of("x", "12 + 34 = 46"))).reason())
                .isEqualTo("language.unknown");
    }

    @Test
    void half_a_text_in_another_language_and_lists_of_names_are_uncertain() {
        String half = TEXTS.getOrDefault("en", "").substring(0, 50)
                + TEXTS.getOrDefault("de", "").substring(0, 50);
        for (String text : List.of(half, "Schwarzenegger, Rodriguez, Petrov, Yamamoto, Dubois")) {
            Languages.Guess guess = Languages.between(List.of("de", "en", "es", "fr", "it", "pl", "ru"))
                    .guess(text);
            assertThat(guess.confidence()).as(text).isLessThan(0.65);
        }
    }

    @Test
    void addresses_and_code_do_not_decide() {
        String hosts =
                "Von: weber@ma1ws1.mathematik.uni-karlsruhe.de ikesg1.energietechnik.uni-stuttgart.de\n".repeat(3);
        assertThat(LanguageFilter.english().apply(Document.of("x", hosts + TEXTS.getOrDefault("en", ""))))
                .isInstanceOf(Outcome.Kept.class);
    }

    @Test
    void languages_are_those_that_Lingua_itself_finds() {
        List<String> codes =
                List.of("en", "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "ru", "uk", "ar", "ja", "ko", "zh");
        LanguageDetector lingua = LanguageDetectorBuilder.fromIsoCodes639_1(codes.stream()
                        .map(code -> IsoCode639_1.valueOf(code.toUpperCase(Locale.ROOT)))
                        .toArray(IsoCode639_1[]::new))
                .withLowAccuracyMode()
                .build();
        List<String> texts = new ArrayList<>(TEXTS.values());
        texts.add("O tempo estava t\u00e3o ruim que ningu\u00e9m queria sair de casa antes da noite.");
        texts.add("Het weer was zo slecht dat niemand voor de avond het huis wilde verlaten.");
        texts.add("Pogoda by\u0142a tak z\u0142a, \u017ce nikt nie chcia\u0142 wychodzi\u0107 z domu przed wieczorem.");
        texts.add(
                "\u4eca\u65e5\u306f\u5929\u6c17\u304c\u60aa\u304b\u3063\u305f\u306e\u3067\u3001\u8ab0\u3082\u5bb6\u3092\u51fa\u305f\u304f\u306a\u304b\u3063\u305f\u3002");
        texts.add("\u5929\u6c23\u592a\u7cdf\u7cd5\u4e86\uff0c\u6c92\u6709\u4eba\u60f3\u96e2\u958b\u5bb6\u3002");
        for (String text : texts) {
            assertThat(Languages.between(codes).guess(text).code())
                    .as(text)
                    .isEqualTo(lingua.detectLanguageOf(text)
                            .getIsoCode639_1()
                            .name()
                            .toLowerCase(Locale.ROOT));
        }
    }

    @Test
    void a_long_text_is_judged_by_its_thirds() {
        String german = TEXTS.getOrDefault("de", "") + '\n';
        String english = TEXTS.getOrDefault("en", "");
        assertThat(LanguageFilter.english().apply(Document.of("x", english.substring(0, 60) + german.repeat(400))))
                .isInstanceOf(Outcome.Dropped.class);
        assertThat(LanguageFilter.of("de").apply(Document.of("x", german.repeat(10_000))))
                .isInstanceOf(Outcome.Kept.class);
    }

    @Test
    void unknown_languages_and_no_choice_are_refused() {
        assertThatThrownBy(() -> LanguageFilter.of("xx"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("received \"xx\"");
        assertThatThrownBy(() -> new LanguageFilter(List.of("en"), 0.65, List.of("en"), 1_500))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("at least two");
    }
}

package dev.jumbo.spark.text.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import dev.jumbo.spark.text.Document;
import dev.jumbo.spark.text.Outcome;
import java.util.List;
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
    void a_long_text_is_judged_by_its_beginning_middle_and_end() {
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

package dev.jumbo.data.clean.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.JsonFixture;
import dev.jumbo.data.clean.Cleaned;
import dev.jumbo.data.clean.Cleaner;
import dev.jumbo.data.clean.CleaningStep;
import dev.jumbo.data.clean.Columns;
import dev.jumbo.data.clean.steps.NormalizeText;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The oracle is Python's str and unicodedata. */
class TextsTest {
    private static final JsonNode EXPECTED = JsonFixture.read("clean/texts");

    @TempDir
    Path dir;

    private static void requireCase(String name, CleaningStep step) {
        for (JsonNode each : EXPECTED.get("case")) {
            assertThat(Columns.cleaned(Columns.of(each.get("text").textValue()), step))
                    .as("%s", each)
                    .containsExactly(each.get(name).textValue());
        }
    }

    @Test
    void upper_lower_and_title_are_pythons_but_for_apostrophes_within_words() {
        requireCase("upper", Upper.of());
        requireCase("lower", Lower.of("x"));
        requireCase("title", Title.of("x"));
        for (JsonNode each : EXPECTED.get("title")) {
            assertThat(Columns.cleaned(Columns.of(each.get(0).textValue()), Title.of("x")))
                    .containsExactly(each.get(1).textValue());
        }
    }

    @Test
    void blanks_are_those_of_python_and_unicode_forms_those_of_unicodedata() {
        for (JsonNode each : EXPECTED.get("blanks")) {
            assertThat(Columns.cleaned(
                            Columns.of(each.get(0).textValue()), new NormalizeText(List.of(), true, false, true)))
                    .as("%s", each)
                    .containsExactly(each.get(1).textValue());
        }
        for (JsonNode each : EXPECTED.get("forms")) {
            for (NormalizeText.UnicodeForm form : NormalizeText.UnicodeForm.values()) {
                String expected = each.path(form.name().toLowerCase(Locale.ROOT))
                        .asText(each.get("text").textValue());
                assertThat(Columns.cleaned(
                                Columns.of(each.get("text").textValue()),
                                new NormalizeText(List.of("x"), false, false, false, form)))
                        .containsExactly(expected);
            }
        }
    }

    @Test
    void a_map_replaces_its_values_and_reports_those_it_does_not_have() {
        Map<String, String> map = Map.of("M", "male", "F", "female", "-", "");
        Cleaned cleaned = Cleaner.of(ValueMap.of(map, "x")).clean(Columns.of("M", "male", "F", "?", "-", null));
        assertThat(Columns.values(cleaned.table(), "x")).containsExactly("male", "male", "female", "?", null, null);
        assertThat(cleaned.report().steps().get(0).reasons()).anySatisfy(reason -> {
            assertThat(reason.flagged()).isEqualTo(1);
            assertThat(reason.samples().get(0).before()).isEqualTo("?");
        });
        assertThat(Columns.cleaned(
                        Columns.of("M", "?"), new ValueMap(List.of("x"), map, null, ValueMap.Unmapped.MISSING)))
                .containsExactly("male", null);
        assertThat(Columns.cleaned(Columns.of("M", "?"), new ValueMap(List.of("x"), map, null, ValueMap.Unmapped.DROP)))
                .containsExactly("male");
    }

    @Test
    void a_map_of_a_file_is_taken_along_by_the_step() throws IOException {
        Path file = Files.writeString(dir.resolve("map.csv"), "\ufefffrom,to\nNY,New York\n\"a,b\",\n");
        CleaningStep step = new ValueMap(List.of("x"), Map.of(), file, ValueMap.Unmapped.KEEP).resolved();
        Files.delete(file);
        assertThat(Columns.cleaned(Columns.of("NY", "a,b"), step)).containsExactly("New York", null);
    }

    @Test
    void a_file_that_is_no_map_is_refused_with_its_line() throws IOException {
        for (String wrong : List.of("", "from,to\n", "a,b\n1,2\n", "from,to\na\n", "from,to\na,1\na,2\n")) {
            Path file = Files.writeString(dir.resolve("map.csv"), wrong);
            assertThatThrownBy(() -> new ValueMap(List.of("x"), Map.of(), file, ValueMap.Unmapped.KEEP).resolved())
                    .as(wrong)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("map.csv");
        }
        assertThatThrownBy(() -> new ValueMap(List.of("x"), Map.of(), dir.resolve("none.csv"), ValueMap.Unmapped.KEEP)
                        .resolved())
                .isInstanceOf(InputException.class)
                .hasMessageContaining("none.csv");
    }
}

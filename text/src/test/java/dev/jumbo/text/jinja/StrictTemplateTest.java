package dev.jumbo.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is expected was written by jinja2 3.1 with {@code StrictUndefined}, {@code keep_trailing_newline} and a filter that calls {@code re.sub}. */
class StrictTemplateTest {
    private static String render(String template) {
        return JinjaTemplate.strict(template)
                .render(Map.of("a", "A", "t", "one [two] three é四 five", "l", List.of("aab", "ba")));
    }

    @Test
    void white_space_around_blocks_and_the_last_line_end_stay() {
        assertThat(render("{{ a }}\n")).isEqualTo("A\n");
        assertThat(render("  {% if a %}\n x\n  {% endif %}\n")).isEqualTo("  \n x\n  \n");
    }

    @Test
    void what_is_not_there_is_refused_unless_something_asks_whether_it_is() {
        assertThat(render("{{ b|default('d') }}{{ b is defined }}")).isEqualTo("dFalse");
        for (String template :
                List.of("{{ b }}", "{{ b|trim }}", "{{ 'x' ~ b }}", "{% if b %}x{% endif %}", "{{ l[7] }}")) {
            assertThatThrownBy(() -> render(template))
                    .as(template)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("undefined");
        }
        assertThat(JinjaTemplate.parse("{{ b }}|{{ b|trim }}").render(Map.of())).isEqualTo("|");
    }

    @Test
    void regular_expressions_replace_as_in_python_and_in_these_templates_alone() {
        assertThat(render("{{ t|regex_replace('\\[.*?\\]', '') }}")).isEqualTo("one  three é四 five");
        assertThat(render("{{ t|regex_replace('(\\w+) (\\w+)', '\\\\2 \\\\1', 1) }}"))
                .isEqualTo("one [two] é四 three five");
        assertThat(render("{{ l|map('regex_replace', 'a+', '<>')|list }}")).isEqualTo("['<>b', 'b<>']");
        assertThatThrownBy(() -> JinjaTemplate.parse("{{ t|regex_replace('a', 'b') }}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("regex_replace");
        assertThatThrownBy(() -> render("{{ t|regex_replace('(', '') }}")).isInstanceOf(InputException.class);
    }

    @Test
    void a_pattern_that_would_run_on_for_ever_ends() {
        String repeated = "a".repeat(90);
        assertThatThrownBy(() -> JinjaTemplate.strict("{{ x|regex_replace('a*a*a*a*a*a*a*b', '') }}")
                        .render(Map.of("x", repeated)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("steps");
    }
}

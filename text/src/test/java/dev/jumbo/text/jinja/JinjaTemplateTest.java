package dev.jumbo.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against jinja2 as transformers sets it up: {@code src/test/python/make_chat_fixtures.py}. */
class JinjaTemplateTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-07T09:05:03Z"), ZoneOffset.UTC);

    static Stream<JsonNode> fixtures() throws IOException {
        try (InputStream in = JinjaTemplateTest.class.getResourceAsStream("chat-templates.json")) {
            List<JsonNode> all = new ArrayList<>();
            JSON.readTree(Objects.requireNonNull(in)).forEach(all::add);
            return all.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("fixtures")
    @SuppressWarnings("unchecked")
    void templates_give_what_jinja2_gives_and_refuse_what_it_refuses(JsonNode fixture) {
        JinjaTemplate template =
                JinjaTemplate.parse(fixture.get("template").asText()).with(CLOCK);
        for (JsonNode each : fixture.get("cases")) {
            Map<String, Object> values = JSON.convertValue(each.get("values"), Map.class);
            String name = fixture.get("name") + " of " + each.get("values");
            if (each.has("refused")) {
                assertThatThrownBy(() -> template.render(values))
                        .as(name)
                        .isInstanceOf(InputException.class)
                        .hasMessageMatching("(?s)the template, line \\d+: .*");
                continue;
            }
            Rendered made = template.render(values, List.of());
            assertThat(made.text()).as(name).isEqualTo(each.get("text").asText());
            List<String> generated = new ArrayList<>();
            made.generated().forEach(span -> generated.add(made.text().substring(span.from(), span.to())));
            List<String> expected = new ArrayList<>();
            each.path("generated").forEach(part -> expected.add(part.asText()));
            assertThat(generated).as(name).isEqualTo(expected);
        }
    }

    private static String render(String template) {
        return JinjaTemplate.parse(template).render(Map.of("a", List.of(1, 2, 3)));
    }

    @Test
    void loops_texts_and_macros_without_an_end_are_stopped() {
        List<String> endless = List.of(
                "{% for i in range(999999999999) %}{% endfor %}",
                "{% for i in range(9999) %}{% for j in range(9999) %}{% for k in a %}{% endfor %}{% endfor %}{% endfor %}",
                "{{ 'x' * 99999999999 }}",
                "{% set ns = namespace(t='x') %}{% for i in range(99) %}{% set ns.t = ns.t + ns.t %}{% endfor %}",
                "{% set ns = namespace(t=[1]) %}{% for i in range(99) %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.t }}",
                "{% macro f(n) %}{{ f(n + 1) }}{% endmacro %}{{ f(0) }}",
                "{{ 'a'.ljust(999999999) }}",
                "{{ a | tojson(indent=999999999) }}",
                "{% for i in range(99999) %}{{ 'x' * 9999 }}{% endfor %}");
        for (String template : endless) {
            JinjaTemplate read = JinjaTemplate.parse(template).with(new TemplateLimits(200_000, 1 << 20, 16));
            assertThatThrownBy(() -> read.render(Map.of("a", List.of(1, 2, 3))))
                    .as(template)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("the template, line 1: expected");
        }
    }

    @Test
    void nesting_that_would_take_the_stack_is_refused() {
        for (String template : List.of(
                "{{ " + "(".repeat(5000) + "1" + ")".repeat(5000) + " }}",
                "{{ " + "-".repeat(9000) + "1 }}",
                "{{ " + "not ".repeat(9000) + "1 }}",
                "{{ " + "a[".repeat(5000) + "0" + "]".repeat(5000) + " }}",
                "{{ a" + "|list".repeat(9000) + " }}",
                "{{ a" + ".x".repeat(9000) + " }}",
                "{% if a %}".repeat(5000) + "{% endif %}".repeat(5000))) {
            assertThatThrownBy(() -> JinjaTemplate.parse(template))
                    .as(template.substring(0, 20))
                    .isInstanceOf(InputException.class);
        }
        assertThat(render("{{ 1" + " + 1".repeat(90) + " }}")).isEqualTo("91");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ''.__class__ }}",
                "{{ a.__class__.__mro__ }}",
                "{{ a['__class__'] }}",
                "{{ a | attr('__class__') }}",
                "{{ a.append(4) }}",
                "{% set a.b = 1 %}",
                "{{ a.getClass() }}",
                "{{ range.__globals__ }}",
                "{{ raise_exception('no') }}",
                "{{ nothing.something }}",
                "{{ a + 1 }}",
                "{{ 1 // 0 }}",
                "{{ 9223372036854775807 + 1 }}",
                "{{ 'a' < 1 }}",
                "{{ namespace() }}"
            })
    void what_templates_may_not_do_is_refused_with_its_line(String template) {
        assertThatThrownBy(() -> render("\n" + template))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the template, line 2: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% include 'x' %}",
                "{% import 'x' as y %}",
                "{% extends 'x' %}",
                "{% block b %}{% endblock %}",
                "{% if a %}",
                "{% for x in a %}{% endif %}",
                "{{ a",
                "{{ a | nosuch }}",
                "{{ a is nosuch }}",
                "{{ a b }}",
                "{# open",
                "{% raw %}",
                "{{ 'open }}",
                "{% break %}",
                "{{ f(*a) }}",
                "{{ 99999999999999999999 }}",
                "{{ ) }}",
                "{% for x in a recursive %}{% endfor %}",
                "{{ 'a' ? }}"
            })
    void what_is_no_template_is_refused_with_its_line(String template) {
        assertThatThrownBy(() -> JinjaTemplate.parse("\n\n" + template))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the template, line 3: ");
    }

    @Test
    void what_was_written_for_each_of_the_tracked_values_is_told() {
        List<Map<String, Object>> messages = List.of(Map.of("t", "one"), Map.of("t", "two"));
        Rendered made = JinjaTemplate.parse(
                        "<{% for m in messages[::-1] %}{{ m.t }}{% for i in [1] %}!{% endfor %};{% endfor %}>")
                .render(Map.of("messages", messages), messages);
        assertThat(made.text()).isEqualTo("<two!;one!;>");
        assertThat(made.spans()).containsExactly(new TextSpan(1, 1, 6), new TextSpan(0, 6, 11));
    }
}

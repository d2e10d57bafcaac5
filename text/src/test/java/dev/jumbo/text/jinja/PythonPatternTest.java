package dev.jumbo.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import org.junit.jupiter.api.Test;

class PythonPatternTest {
    private static List<String> found(String pattern, String text) {
        return PythonPattern.of(pattern)
                .in(text, matcher -> matcher.results().map(MatchResult::group).toList());
    }

    /** Answers of Python 3.11's {@code [m.group() for m in re.finditer(pattern, text)]}. */
    @Test
    void it_finds_what_pythons_re_finds() {
        assertThat(found("[[\\]]+", "a[b]c[]")).containsExactly("[", "]", "[]");
        assertThat(found("[^[\\]]+", "a[b]c")).containsExactly("a", "b", "c");
        assertThat(found("[]a]+", "x]a]b")).containsExactly("]a]");
        assertThat(found("[^]a]+", "x]a]bc")).containsExactly("x", "bc");
        assertThat(found("[a&&b]+", "b&a&&c")).containsExactly("b&a&&");
        assertThat(found("[\\w&&\\d]+", "a&1")).containsExactly("a&1");
        assertThat(found("[\\[-\\]]+", "[x\\]]")).containsExactly("[", "\\]]");
        assertThat(found("b\\Z", "ab\n")).isEmpty();
        assertThat(found("b$", "ab\n")).containsExactly("b");
        assertThat(found("(?P<n>a+)b", "aab b ab")).containsExactly("aab", "ab");
        assertThat(found("\\d+", "\u06634 5")).containsExactly("\u06634", "5");
        assertThat(found("[$0-9.,]{2,}", "$1,2 7")).containsExactly("$1,2");
    }

    @Test
    void one_that_would_run_on_or_go_too_deep_is_refused() {
        assertThatThrownBy(() -> found("a*a*a*a*a*a*b", "a".repeat(400)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a*a*a*a*a*a*b")
                .hasMessageContaining("repetitions");
        assertThatThrownBy(() -> found("(a|b)*c", "ab".repeat(100_000)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("too deep");
        assertThatThrownBy(() -> PythonPattern.of("(")).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> JinjaTemplate.strict("{{ x|regex_replace('(a|b)*c', '') }}")
                        .render(Map.of("x", "ab".repeat(100_000))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("too deep");
    }
}

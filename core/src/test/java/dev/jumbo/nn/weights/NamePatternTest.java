package dev.jumbo.nn.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "layers.0.*|layers.0.weight|true",
                "layers.0|layers.0.self_attn.bias|true",
                "layers.0|layers.01.weight|false",
                "*.bias|layers.3.bias|true",
                "layers.{0,2}.*|layers.2.weight|true",
                "layers.{0,2}.*|layers.1.weight|false",
                "layers.[02].*|layers.2.weight|true",
                "layers.[0-3].*|layers.3.weight|true",
                "layers.[0-3].*|layers.4.weight|false",
                "layers.[!0-3].*|layers.4.weight|true",
                "layers.?.weight|layers.x.weight|true",
                "layers.0.weight|layersx0.weight|false",
                "regex:layers\\.\\d+\\.weight|layers.12.weight|true",
            })
    void a_pattern_means_what_a_shell_would_mean_by_it(String pattern, String name, boolean matches) {
        assertThat(NamePattern.of(pattern).matches(name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "layers.{0", "layers.0}", "layers.[0", "layers.[]", "regex:("})
    void what_is_no_pattern_is_refused(String pattern) {
        assertThatThrownBy(() -> NamePattern.of(pattern)).isInstanceOf(InputException.class);
    }

    @Test
    void brackets_take_what_stands_in_them_literally() {
        assertThat(NamePattern.of("a[.^]b").matches("a^b")).isTrue();
        assertThat(NamePattern.of("a[.^]b").matches("axb")).isFalse();
    }
}

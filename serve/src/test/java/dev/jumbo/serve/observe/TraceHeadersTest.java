package dev.jumbo.serve.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceHeadersTest {
    @Test
    void headers_are_read_as_opentelemetry_writes_them() {
        assertThat(TraceHeaders.of("api-key=a%20b+c, Authorization=Basic%20eA=="))
                .hasSize(2)
                .containsEntry("api-key", "a b+c")
                .containsEntry("Authorization", "Basic eA==");
        assertThat(TraceHeaders.of(null)).isEmpty();
        assertThat(TraceHeaders.of(" ")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "=secret", "a b=secret", "a=%zzsecret", "a=secret,,"})
    void what_is_none_is_refused_without_its_text(String text) {
        assertThatThrownBy(() -> TraceHeaders.of(text))
                .isInstanceOf(InputException.class)
                .hasMessageNotContaining("secret");
    }
}

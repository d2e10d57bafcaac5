package dev.jumbo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import org.junit.jupiter.api.Test;

class ConfigDocumentTest {
    private static final ConfigDocument FILE =
            YamlFile.parse("f.yaml", "train:\n  epochs: 3\ndata:\n  dir: a\n  clean:\n    - trim\n");

    @Test
    void a_section_keeps_where_its_values_were_written() {
        ConfigDocument data = FILE.section("data");

        assertThat(data.tree().toString()).isEqualTo("{\"dir\":\"a\",\"clean\":[\"trim\"]}");
        assertThat(data.origin("clean/0")).isEqualTo("f.yaml:6");
        assertThat(data.origin("dir")).isEqualTo("f.yaml:4");
        assertThat(data.origin("")).isEqualTo(FILE.origin("data"));
    }

    @Test
    void a_section_that_is_not_there_is_named() {
        assertThatThrownBy(() -> FILE.section("corpus"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("f.yaml: expected the key 'corpus'");
    }
}

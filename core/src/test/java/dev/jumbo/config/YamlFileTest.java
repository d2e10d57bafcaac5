package dev.jumbo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.error.InputException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlFileTest {
    private static JsonNode tree(String text) {
        return YamlFile.parse("f.yaml", text).tree();
    }

    @Test
    void reads_scalars_by_the_core_schema_of_yaml_1_2() {
        assertThat(tree("[1, -2, 1e-3, .5, 3., true, no, on, ~, null, '1', 2026-11-23, 0x10, 1_000, .inf, '']"))
                .hasToString("[1,-2,0.001,0.5,3.0,true,\"no\",\"on\",null,null,\"1\",\"2026-11-23\",\"0x10\","
                        + "\"1_000\",\"Infinity\",\"\"]");
    }

    @Test
    void reads_json_as_a_part_of_yaml() {
        assertThat(tree("{\"a\": [1, 2.5e3, \"\\u00e9\\n\"],\n \"b\": {\"c\": null}}"))
                .hasToString("{\"a\":[1,2500.0,\"é\\n\"],\"b\":{\"c\":null}}");
    }

    @Test
    void knows_the_line_of_every_key_and_element() {
        ConfigDocument document = YamlFile.parse("f.yaml", "a: 1\nb:\n  - x\n  - c: 2\n");

        assertThat(document.origin("a")).isEqualTo("f.yaml:1");
        assertThat(document.origin("b")).isEqualTo("f.yaml:2");
        assertThat(document.origin("b/1/c")).isEqualTo("f.yaml:4");
        assertThat(document.origin("b/1/c/absent")).isEqualTo("f.yaml:4");
    }

    @Test
    void repeats_the_values_of_aliases() {
        assertThat(tree("a: &x {k: 1}\nb: *x")).hasToString("{\"a\":{\"k\":1},\"b\":{\"k\":1}}");
        assertThatThrownBy(() -> tree("a: &x [*x]")).isInstanceOf(InputException.class);
    }

    @Test
    void refuses_duplicate_keys_with_both_lines() {
        assertThatThrownBy(() -> tree("a: 1\nb: 2\na: 3"))
                .isInstanceOf(InputException.class)
                .hasMessage("f.yaml:3: the key \"a\" is already there, from f.yaml:1: keep one of them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"!!java.lang.Runtime {}", "a: !!str 1", "!x [1]", "!!python/object:os.system x"})
    void refuses_tags(String text) {
        assertThatThrownBy(() -> tree(text))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("tags are not read");
    }

    @Test
    void refuses_depth_that_aliases_add_up() {
        StringBuilder text = new StringBuilder("- &a0 " + "[".repeat(90) + "]".repeat(90) + "\n");
        for (int i = 1; i < 140; i++) {
            text.append("- &a%d %s*a%d%s\n".formatted(i, "[".repeat(90), i - 1, "]".repeat(90)));
        }
        assertThatThrownBy(() -> tree(text.toString()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("nested at most 100 deep, aliases included");
    }

    @Test
    void refuses_keys_that_fill_the_memory_in_the_paths_of_values_below_them() {
        assertThatThrownBy(() -> tree("? " + "k".repeat(1_000_000) + "\n: [1, 2]\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a key of at most 1000 characters, received 1000000");
        StringBuilder nested = new StringBuilder();
        for (int depth = 0; depth < 90; depth++) {
            nested.append("{").append("k".repeat(900)).append(": ");
        }
        nested.append("[").append("1,".repeat(100_000)).append("1]").append("}".repeat(90));
        assertThatThrownBy(() -> tree(nested.toString()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected shorter keys, or fewer values below long ones");
    }

    @Test
    void refuses_a_billion_laughs() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (int i = 1; i < 10; i++) {
            String alias = "*a" + (i - 1);
            bomb.append(
                    "a%d: &a%d [%s]\n".formatted(i, i, String.join(", ", java.util.Collections.nCopies(10, alias))));
        }
        assertThatThrownBy(() -> tree(bomb.toString()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected at most 1000000 values");
    }

    @Test
    void refuses_what_is_nested_too_deep() {
        assertThatThrownBy(() -> tree("[".repeat(5000)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("nested at most 100 deep");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: [1", "a: b: c", "\tx: 1", "a: 'x", "{a: 1", "a: 1\n---\nb: 2", "? [1]\n: 2", "\u0000"})
    void refuses_broken_text_in_one_line_with_the_place(String text) {
        assertThatThrownBy(() -> tree(text))
                .isInstanceOf(InputException.class)
                .message()
                .startsWith("f.yaml")
                .doesNotContain("\n");
    }

    @Test
    void says_that_a_file_is_missing_or_not_text(@TempDir Path dir) throws Exception {
        assertThatThrownBy(() -> YamlFile.read(dir.resolve("no.yaml"))).hasMessageContaining("there is no file");
        Path bytes = Files.write(dir.resolve("b.yaml"), new byte[] {(byte) 0xC3, 0x28});
        assertThatThrownBy(() -> YamlFile.read(bytes))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected UTF-8 text");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: \"\\u", "a: \"\\U80000000\"", "a: \"\\UFFFFFFFF\""})
    void refuses_escapes_that_are_cut_off_or_no_character(String text) {
        assertThatThrownBy(() -> YamlFile.parse("run.yaml", text))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "run.yaml: expected escapes of characters such as \\u00e4 in quotes, received one that is cut"
                                + " off or no character: write \\\\ for a backslash");
    }

    @Test
    void an_empty_file_is_nothing() {
        assertThat(tree("").isNull()).isTrue();
        assertThat(tree("# only a comment\n").isNull()).isTrue();
    }
}

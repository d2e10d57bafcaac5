package dev.jumbo.models.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jumbo.error.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the configurations that a checkpoint keeps say of answers. */
class KeptTokenizerTest {
    @TempDir
    Path temp;

    @Test
    void the_tokens_that_end_an_answer_are_those_of_the_first_file_that_says_some() throws IOException {
        Map<String, Path> both = Map.of(
                "generation_config.json",
                Files.writeString(temp.resolve("generation_config.json"), "{\"eos_token_id\": null}"),
                "config.json",
                Files.writeString(
                        temp.resolve("config.json"), "{\"eos_token_id\": [2, 7], \"decoder_start_token_id\": 0}"));
        assertThat(KeptTokenizer.ends(both)).containsExactly(2, 7);
        assertThat(KeptTokenizer.decoderStart(both)).hasValue(0);
        assertThat(KeptTokenizer.ends(Map.of())).isEqualTo(List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"</s>\"", "[\"</s>\"]", "[1,null]", "-1", "2.5", "4294967297"})
    void what_is_no_token_is_refused_and_not_read_as_token_0(String ids) throws IOException {
        Path file = Files.writeString(temp.resolve("generation_config.json"), "{\"eos_token_id\": " + ids + "}");
        assertThatThrownBy(() -> KeptTokenizer.ends(Map.of("generation_config.json", file)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("expected ids of tokens of 0 or more as \"eos_token_id\", received " + ids);
    }
}

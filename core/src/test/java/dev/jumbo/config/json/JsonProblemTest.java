package dev.jumbo.config.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonProblemTest {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(4)
                    .maxNumberLength(20)
                    .maxStringLength(20)
                    .maxNameLength(20)
                    .build())
            .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\": NaN}                 | NaN is no number of JSON: write null",
                "{\"a\": -Infinity}           | -Infinity is no number of JSON",
                "{\"a\": None}                | None is no word of JSON",
                "{\"a\": hello}               | received hello: texts and keys stand in double quotes",
                "{\"a\": 'x'}                 | received a single quote: texts and keys stand in double quotes",
                "{'a': 1}                     | expected a key in double quotes",
                "{a: 1}                       | expected a key in double quotes",
                "{\"a\": 1,}                  | expected a key in double quotes",
                "{\"a\": 1                    | it ends too early",
                "{\"a\": \"x                  | it ends too early",
                "{\"a\" 1}                    | expected a colon between key and value",
                "{\"a\": 1 \"b\": 2}          | expected a comma or the closing bracket",
                "[1 2]                        | expected a comma or the closing bracket",
                "{\"a\": 1, \"a\": 2}         | the key \"a\" is given twice",
                "{\"a\": [1}                  | received }, but ] was open",
                "{\"a\": 01}                  | may not begin with 0",
                "{\"a\": +1}                  | may not begin with a plus sign",
                "{\"a\": .5}                  | digits before and after its point",
                "{\"a\": 1.}                  | digits before and after its point",
                "{\"a\": 1e}                  | expected a number",
                "{\"a\": -}                   | expected a number",
                "{\"a\": \"\\x\"}             | backslash",
                "{\"a\": \"\\u12\"}           | backslash",
                "{\"a\": 1} // end            | no comments",
                "[[[[[[1]]]]]]                | may be nested 4 deep at most",
                "[1234567890123456789012345]  | a number may have 20 characters at most",
                "[\"123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890\"]"
                        + " | a text may have 20 characters at most",
                "<a>                          | did not expect < there",
                "[1,,2]                       | did not expect , there",
            })
    void a_mistake_in_json_is_told_in_words_with_its_place_and_without_the_parsers(String json, String words) {
        String said = said(json.getBytes(StandardCharsets.UTF_8));
        assertThat(said)
                .contains(words)
                .matches(words.contains("at most") ? "(?s).*" : "(?s).*, at line 1, column \\d+");
        requireOwnWords(said);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"7b2261223a22ff227d", "7b2261223a22e282227d", "0000feff00ffffff", "7b2261223a22610a62227d"})
    void bytes_that_are_no_text_and_line_ends_within_one_are_told(String hex) {
        String said = said(java.util.HexFormat.of().parseHex(hex));
        assertThat(said).matches("(?s)some bytes are not UTF-8.*|a text holds a line end.*");
        requireOwnWords(said);
    }

    private static void requireOwnWords(String said) {
        assertThat(said).doesNotContain("`", "Source", "Feature", "REDACTED", "JsonToken", "code ", "StreamRead", "$");
    }

    private static String said(byte[] json) {
        return JsonProblem.of(catchThrowableOfType(IOException.class, () -> {
            try (JsonParser parser = FACTORY.createParser(json)) {
                while (parser.nextToken() != null) {
                    if (parser.currentToken().isNumeric()) {
                        parser.getDoubleValue();
                    } else if (parser.currentToken().isScalarValue()) {
                        parser.getText();
                    }
                }
            }
        }));
    }
}

package dev.jumbo.data.table.read;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * A line that should be a JSON object.
 *
 * @param node the object; null where it is none
 * @param reason why it is none; null where it is one
 */
record JsonLine(@Nullable JsonNode node, @Nullable String reason) {
    /** Python's {@code json.dumps} writes NaN, Infinity and -Infinity, which JSON itself does not have. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));

    private static final String REPEATED = "Duplicate field '";
    private static final int SHOWN = 80;

    static JsonLine of(String line) {
        try (JsonParser parser = JSON.createParser(line)) {
            JsonNode node = JSON.readTree(parser);
            if (node == null || !node.isObject()) {
                return new JsonLine(null, "not a JSON object");
            }
            String rest = line.substring((int) parser.currentLocation().getCharOffset())
                    .strip();
            return rest.isEmpty()
                    ? new JsonLine(node, null)
                    : new JsonLine(null, "text behind the JSON object: \"" + shown(rest) + "\"");
        } catch (JacksonException e) {
            return new JsonLine(null, reason(String.valueOf(e.getOriginalMessage())));
        } catch (NumberFormatException e) {
            return new JsonLine(
                    null, "a number with an exponent that is too large"); // not a Jackson exception: 1e9999999999
        } catch (IOException e) {
            throw new UncheckedIOException(e); // A string has no input errors.
        }
    }

    private static String reason(String message) {
        int repeated = message.indexOf(REPEATED);
        if (repeated >= 0) {
            String name = message.substring(repeated + REPEATED.length());
            return "the key \"" + shown(name.substring(0, Math.max(0, name.lastIndexOf('\'')))) + "\" twice";
        }
        String first = message.lines().findFirst().orElse("");
        int detail = first.indexOf(": was expecting");
        int place = first.indexOf(" (start marker");
        int end = detail >= 0 ? detail : place >= 0 ? place : first.length();
        return "not JSON: " + shown(first.substring(0, end));
    }

    private static String shown(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN - 1) + "\u2026";
    }
}

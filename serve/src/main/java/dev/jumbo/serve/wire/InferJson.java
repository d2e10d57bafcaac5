package dev.jumbo.serve.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.jumbo.config.json.JsonProblem;
import dev.jumbo.error.InputException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** JSON of requests: strict and bounded, read as a stream so that no tree of a large body is ever built. */
public final class InferJson {
    /** Nothing in the protocol is deeper but nested data, one level a dimension. */
    static final int MAX_DEPTH = 20;

    /** A double needs 24 characters; some clients print more. */
    private static final int MAX_NUMBER_LENGTH = 100;

    private static final int MAX_NAME_LENGTH = 10_000;

    /** Pictures come in base64; the limit of bodies holds before. */
    private static final int MAX_TEXT_LENGTH = 100_000_000;

    public static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // The same values, in a third of the time.
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
            .enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxStringLength(MAX_TEXT_LENGTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .build())
            .build();

    private InferJson() {}

    public static void expect(JsonParser parser, @Nullable JsonToken received, JsonToken wanted, String expected)
            throws IOException {
        if (received != wanted) {
            throw new InputException("expected " + expected + ", received " + describe(parser, received));
        }
    }

    /**
     * The text that the parser is at.
     *
     * @throws InputException if it has half a character (a lone surrogate), which no UTF-8 can say: it could not be sent back, and as
     *     bytes it would be another text
     */
    public static String text(JsonParser parser) throws IOException {
        String text = parser.getText();
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (Character.isSurrogate(letter)) {
                boolean pair = Character.isHighSurrogate(letter)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw new InputException("expected texts of whole characters, received half of one (the escape \\u"
                            + Integer.toHexString(letter) + " without its other half)");
                }
                i++;
            }
        }
        return text;
    }

    /** @throws InputException if anything but blanks follows */
    public static void expectEnd(JsonParser parser) throws IOException {
        if (parser.nextToken() != null) {
            throw new InputException("expected the end of the JSON, received more");
        }
    }

    /** What is wrong, in words of our own. */
    public static InputException badJson(IOException e) {
        return new InputException("expected JSON: " + JsonProblem.of(e), e);
    }

    private static String describe(JsonParser parser, @Nullable JsonToken token) throws IOException {
        if (token == null) {
            return "nothing";
        }
        if (!token.isScalarValue()) {
            return token.asString() == null ? "a key" : "\"" + token.asString() + "\"";
        }
        String text = parser.getText();
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
}

package dev.jumbo.serve.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.wire.InferJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Pictures in JSON: the content of a file in base64, an object that has it under the name of the input, or a list of either.
 *
 * @param list whether a list of answers is expected
 */
record PictureJson(List<byte[]> pictures, boolean list) {
    /** Whether JSON has texts or objects, rather than numbers. */
    static boolean isLikely(byte[] body) {
        boolean opened = false;
        for (byte letter : body) {
            if (letter == '"' || letter == '{') {
                return true;
            }
            if (letter == '[' && !opened) {
                opened = true;
            } else if (letter > ' ') {
                return false;
            }
        }
        return false;
    }

    /** @param name of the input */
    static PictureJson read(byte[] body, String name) {
        List<byte[]> pictures = new ArrayList<>();
        boolean list;
        try (JsonParser parser = InferJson.FACTORY.createParser(body)) {
            list = parser.nextToken() == JsonToken.START_ARRAY;
            if (list) {
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    pictures.add(picture(parser, name));
                }
            } else {
                pictures.add(picture(parser, name));
            }
            InferJson.expectEnd(parser);
        } catch (IOException e) {
            throw InferJson.badJson(e);
        }
        return new PictureJson(pictures, list);
    }

    private static byte[] picture(JsonParser parser, String name) throws IOException {
        boolean object = parser.currentToken() == JsonToken.START_OBJECT;
        if (object) {
            InferJson.expect(parser, parser.nextToken(), JsonToken.FIELD_NAME, "a picture as \"" + name + "\"");
            if (!parser.currentName().equals(name)) {
                throw new InputException(
                        "expected a picture as \"" + name + "\", received the key \"" + parser.currentName() + "\"");
            }
            parser.nextToken();
        }
        InferJson.expect(parser, parser.currentToken(), JsonToken.VALUE_STRING, "a picture in base64");
        String text = parser.getText();
        if (object) {
            InferJson.expect(parser, parser.nextToken(), JsonToken.END_OBJECT, "nothing beside \"" + name + "\"");
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new InputException("expected a picture in base64, received another text", e);
        }
    }
}

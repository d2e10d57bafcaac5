package dev.jumbo.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The rows of JSON that stands on the command line, each as it was written: what its answer is called by. */
final class InlineRows {
    private static final JsonFactory JSON = new JsonFactory();

    private InlineRows() {}

    /** Whether an input is JSON itself, and not a file. */
    static boolean isOne(String input) {
        return input.startsWith("[") || input.startsWith("{");
    }

    /**
     * What rows of an input are called: those of a list on the command line as they stand in it, those of a file by their places.
     *
     * @param name JSON, or the name of a file
     * @param count of the rows
     * @param list whether they stand in a list
     */
    static List<String> names(String name, int count, boolean list) {
        if (!list) {
            return List.of(name);
        }
        List<String> rows = isOne(name) ? rows(name) : List.of();
        if (rows.size() == count) {
            return rows;
        }
        List<String> places = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            places.add(name + ":" + i);
        }
        return places;
    }

    private static List<String> rows(String json) {
        List<String> rows = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (token == null || !token.isStructStart()) {
                    return List.of();
                }
                int from = Math.toIntExact(parser.currentTokenLocation().getCharOffset());
                parser.skipChildren();
                rows.add(json.substring(
                        from, Math.toIntExact(parser.currentLocation().getCharOffset())));
            }
            return rows;
        } catch (IOException e) {
            return List.of(); // Read elsewhere, which says what is wrong.
        }
    }
}

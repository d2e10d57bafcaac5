package dev.jumbo.text.corpus;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.jumbo.config.json.JsonProblem;
import dev.jumbo.error.InputException;
import dev.jumbo.error.IoProblem;
import dev.jumbo.error.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The objects of a file that is one JSON list, one after the other. */
final class JsonArrayReader implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final Path file;
    private @Nullable InputStream in;
    private @Nullable JsonParser parser;

    JsonArrayReader(Path file) {
        this.file = file;
    }

    /** Null behind the last one. */
    @Nullable
    CorpusRecord next() {
        int line = 1;
        try {
            if (parser == null) {
                in = RecordReader.stream(file);
                parser = JSON.createParser(in);
                parser.nextToken();
            }
            JsonToken token = parser.nextToken();
            line = parser.currentLocation().getLineNr();
            if (token == JsonToken.END_ARRAY) {
                requireEnd(parser);
                return null;
            }
            String where = file + ", line " + line;
            if (token != JsonToken.START_OBJECT) {
                throw new InputException(where + ": expected JSON objects in the list, received "
                        + (token == null ? "the end of the file" : Shown.begin(parser.getText())));
            }
            JsonNode node = JSON.readTree(parser);
            return new CorpusRecord(node, where);
        } catch (JsonProcessingException e) {
            throw new InputException(
                    file
                            + (e.getLocation() == null
                                    ? ""
                                    : ", line " + e.getLocation().getLineNr()) + ": expected a list of JSON objects: "
                            + JsonProblem.of(e),
                    e);
        } catch (IOException e) {
            throw new InputException(
                    file + ", behind line " + line + ": expected JSON in UTF-8, received what cannot be read: "
                            + IoProblem.of(e),
                    e);
        }
    }

    private void requireEnd(JsonParser behind) throws IOException {
        if (behind.nextToken() != null) {
            throw new InputException(file + ", line " + behind.currentLocation().getLineNr()
                    + ": expected nothing behind the list, received more");
        }
    }

    @Override
    public void close() {
        try {
            if (parser != null) {
                parser.close();
            }
            if (in != null) {
                in.close();
            }
        } catch (IOException e) {
            throw new InputException("cannot read " + file + ": " + IoProblem.of(e), e);
        }
    }
}

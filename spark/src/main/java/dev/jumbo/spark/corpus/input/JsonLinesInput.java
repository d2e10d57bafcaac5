package dev.jumbo.spark.corpus.input;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.config.json.JsonProblem;
import dev.jumbo.spark.corpus.document.Entry;
import dev.jumbo.spark.corpus.document.Utf8;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A JSON object on each line, compressed or not (JSON Lines, NDJSON). */
@Kind("json_lines")
public record JsonLinesInput(
        @Doc("A file, or a folder with all below it.") String path,

        @Doc("The field with the text.") @Default("text") String text,

        @Doc("Other fields that stay with the document.") @Default("[]")
        List<String> keep,

        @Doc("What paths below a folder must match.") @Default("\"**\"")
        String glob)
        implements Input {
    public JsonLinesInput {
        keep = List.copyOf(keep);
    }

    @Override
    public List<FileSplit> splits(int first) {
        return InputFiles.splits(path, glob, first, InputFiles.LINES_SPLIT);
    }

    @Override
    public Reading open(FileSplit split, int limit) throws IOException {
        StreamReadConstraints limits =
                StreamReadConstraints.builder().maxStringLength(limit).build();
        ObjectReader json = new ObjectMapper(
                        JsonFactory.builder().streamReadConstraints(limits).build())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readerFor(JsonNode.class);
        return new LineReading(split, StandardCharsets.UTF_8, limit) {
            @Override
            Entry parse(long at, String line) {
                if (line.isBlank()) {
                    return document(at, line, Map.of());
                }
                try {
                    return record(at, json.readTree(line), line);
                } catch (JsonProcessingException e) {
                    return malformed(at, JsonProblem.of(e), line);
                }
            }

            private Entry record(long at, JsonNode tree, String line) {
                JsonNode value = tree.path(text);
                if (!value.isTextual()) {
                    return malformed(at, "expected a text in the field \"" + text + "\"", line);
                }
                Map<String, String> metadata = new TreeMap<>();
                for (String name : keep) {
                    if (tree.hasNonNull(name)) {
                        metadata.put(
                                name,
                                tree.get(name).isValueNode()
                                        ? tree.get(name).asText()
                                        : tree.get(name).toString());
                    }
                }
                return document(at, value.textValue(), metadata);
            }

            private Entry malformed(long at, String detail, String line) {
                return bad(at, "read.malformed_json", detail, line, Utf8.length(line));
            }
        };
    }
}

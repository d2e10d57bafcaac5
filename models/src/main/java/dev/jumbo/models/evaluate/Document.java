package dev.jumbo.models.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jumbo.error.InputException;
import dev.jumbo.text.corpus.CorpusFiles;
import dev.jumbo.text.corpus.CorpusRecord;
import dev.jumbo.text.corpus.RecordReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One document of a task.
 *
 * @param values by column: {@code String}, {@code Long}, {@code Double}, {@code Boolean}, {@code List}, {@code Map}, null
 * @param where its file and line, for errors
 */
record Document(Map<String, @Nullable Object> values, String where) {
    /** The documents of files. @throws InputException for one that is no object, with its file and line, and if there is none */
    static List<Document> read(List<String> named, @Nullable Path folder, String key) {
        List<Document> documents = new ArrayList<>();
        List<Path> files = CorpusFiles.of(named, folder, key);
        try (RecordReader records = new RecordReader(files)) {
            for (CorpusRecord record = records.next(); record != null; record = records.next()) {
                documents.add(of(record.node(), record.where()));
            }
        }
        if (documents.isEmpty()) {
            throw new InputException(key + ": expected one document or more in " + files + ", found none");
        }
        return documents;
    }

    static Document of(JsonNode node, String where) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        node.fields().forEachRemaining(entry -> values.put(entry.getKey(), plain(entry.getValue())));
        return new Document(values, where);
    }

    private static @Nullable Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            node.fields().forEachRemaining(entry -> map.put(entry.getKey(), plain(entry.getValue())));
            return map;
        }
        if (node.isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            node.forEach(value -> list.add(plain(value)));
            return list;
        }
        if (node.isIntegralNumber()) {
            return node.longValue();
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        return node.isNull() ? null : node.isNumber() ? (Object) node.doubleValue() : node.asText();
    }

    InputException wrong(String what) {
        return new InputException(where + ": " + what);
    }
}

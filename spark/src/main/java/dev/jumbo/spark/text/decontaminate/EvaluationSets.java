package dev.jumbo.spark.text.decontaminate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jumbo.config.json.JsonProblem;
import dev.jumbo.error.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads evaluation sets: an example a line, as text, or as JSON where the name ends in .jsonl or .json. */
final class EvaluationSets {
    private static final ObjectMapper JSON = new ObjectMapper();

    private EvaluationSets() {}

    static NgramIndex read(Map<String, Path> sets, List<String> fields, int n, int shortest) {
        NgramIndex.Builder index = NgramIndex.builder(n, shortest);
        // In the order of names, so that a shared n-gram belongs to the same set everywhere.
        new TreeMap<>(sets).forEach((name, file) -> read(name, file, fields, index));
        return index.build();
    }

    private static void read(String set, Path file, List<String> fields, NgramIndex.Builder index) {
        boolean json = file.toString().endsWith(".jsonl") || file.toString().endsWith(".json");
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.isBlank()) {
                    continue;
                }
                if (json) {
                    addTexts(set, parse(line, file, number), fields, index);
                } else {
                    index.add(set, line);
                }
            }
        } catch (IOException e) {
            throw new InputException(
                    "cannot read the evaluation set " + set + " from " + file + " (" + e.getMessage()
                            + "); give a file with an example a line, text or JSON, in UTF-8",
                    e);
        }
    }

    private static JsonNode parse(String line, Path file, int number) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new InputException(
                    "expected a JSON object in " + file + " line " + number + ": " + JsonProblem.of(e), e);
        }
    }

    private static void addTexts(String set, JsonNode node, List<String> fields, NgramIndex.Builder index) {
        if (node.isTextual()) {
            index.add(set, node.textValue());
        } else if (fields.isEmpty() || !node.isObject()) {
            node.forEach(inside -> addTexts(set, inside, fields, index));
        } else {
            fields.forEach(field -> addTexts(set, node.path(field), List.of(), index));
        }
    }
}

package dev.jumbo.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jumbo.data.table.ColumnType;
import dev.jumbo.data.table.CsvFile;
import dev.jumbo.data.table.Quarantine;
import dev.jumbo.data.table.Table;
import dev.jumbo.data.table.TableEncoding;
import dev.jumbo.data.table.TableLayout;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table by column name, as a model's saved encoding takes them: a JSON object {@code {"age": 39, ...}}, or a CSV
 * file with a header. Every input column must be named, so that a misspelt one is not taken for a missing value; {@code
 * null}, or an empty field, is a missing value. Other columns, such as the target, are not looked at.
 */
record TableRows(TableEncoding encoding) {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The raw values of a JSON object. @throws InputException if it is none, or a column is missing or does not fit */
    double[] object(byte[] json) {
        Map<String, @Nullable String> row = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : tree(json).properties()) {
            JsonNode value = entry.getValue();
            if (value.isContainerNode()) {
                throw new InputException(
                        "expected a number or a text for the column " + entry.getKey() + ", received " + value);
            }
            row.put(entry.getKey(), value.isNull() ? null : value.asText());
        }
        return raw(row);
    }

    private static JsonNode tree(byte[] json) {
        JsonNode tree;
        try {
            tree = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new InputException("expected a JSON object of columns: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new FailureException("cannot read JSON: " + e, e);
        }
        if (!tree.isObject()) {
            throw new InputException("expected a JSON object as in {\"age\": 39}, received " + tree.getNodeType());
        }
        return tree;
    }

    /** The rows of a CSV file by the names in its header, by {@code FILE:LINE}. @throws InputException if a record is malformed, or a column is missing or does not fit */
    Map<String, double[]> csv(Path file) {
        CsvFile all = CsvFile.of(file);
        Table table = all.withLimits(0, all.maxField(), all.maxRecord(), all.maxRatio())
                .read(Quarantine.counting());
        Map<String, double[]> rows = new LinkedHashMap<>();
        for (int r = 0; r < table.rows(); r++) {
            Map<String, @Nullable String> row = new LinkedHashMap<>();
            for (int c = 0; c < table.columns().size(); c++) {
                row.put(table.names().get(c), table.text(r, c));
            }
            String place = file + ":" + table.sourceRow(r);
            try {
                rows.put(place, raw(row));
            } catch (InputException e) {
                throw new InputException(place + ": " + e.getMessage(), e);
            }
        }
        return rows;
    }

    private double[] raw(Map<String, @Nullable String> row) {
        Map<String, String> inputs = new LinkedHashMap<>();
        for (TableLayout.Input input : encoding.layout().inputs()) {
            if (!row.containsKey(input.name())) {
                throw new InputException("no column \"" + input.name() + "\"" + near(input.name(), row.keySet())
                        + "; null where it is missing");
            }
            String text = row.get(input.name());
            if (text != null) {
                inputs.put(input.name(), text);
            }
        }
        return encoding.raw(inputs);
    }

    /** The nearest of the given columns that no input has, which is likely a misspelling. */
    private String near(String name, Set<String> given) {
        List<String> unknown = new ArrayList<>(given);
        encoding.layout().inputs().forEach(input -> unknown.remove(input.name()));
        return Nearest.to(name, unknown).map(other -> ", but \"" + other + "\"").orElse("");
    }

    /** Raw values of one example as the object that callers send. */
    ObjectNode object(double[] raw) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        List<TableLayout.Input> inputs = encoding.layout().inputs();
        for (int i = 0; i < inputs.size(); i++) {
            TableLayout.Input input = inputs.get(i);
            if (Double.isNaN(raw[i]) || raw[i] < 0 && input.type() == ColumnType.CATEGORY) {
                row.putNull(input.name());
            } else if (input.type() == ColumnType.CATEGORY) {
                row.put(input.name(), input.categories().get((int) raw[i]));
            } else {
                row.put(input.name(), raw[i]);
            }
        }
        return row;
    }
}

package dev.jumbo.train.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** What scikit-learn said, from src/test/python/make_metric_fixtures.py. */
public record MetricFixtures(String name, Predictions predictions, JsonNode json) {
    public static List<MetricFixtures> all() {
        try (InputStream file = MetricFixtures.class.getResourceAsStream("/metrics/fixtures.json")) {
            JsonNode cases =
                    new ObjectMapper().readTree(Objects.requireNonNull(file)).get("cases");
            return StreamSupport.stream(cases.spliterator(), false)
                    .map(c -> new MetricFixtures(c.get("name").asText(), predictions(c), c))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Predictions predictions(JsonNode c) {
        float[] outputs = floats(c.get("outputs"));
        int width = c.get("width").asInt();
        long[] ids = new long[c.get("class_ids").size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = c.get("class_ids").get(i).asLong();
        }
        float[] values = c.has("values") ? floats(c.get("values")) : new float[0];
        return new Predictions(outputs.length / width, width, outputs, ids, values);
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).floatValue();
        }
        return values;
    }

    @Override
    public String toString() {
        return name;
    }
}

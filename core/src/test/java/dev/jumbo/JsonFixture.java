package dev.jumbo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.StreamSupport;

/** Numbers that another library computed: a file of src/test/resources/fixtures, made by a script of src/test/python. */
public final class JsonFixture {
    private JsonFixture() {}

    /** @param name without folder and ending */
    public static JsonNode read(String name) {
        try (InputStream in = JsonFixture.class.getResourceAsStream("/fixtures/" + name + ".json")) {
            return new ObjectMapper().readTree(Objects.requireNonNull(in, "no fixture " + name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An array of numbers. */
    public static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).asDouble();
        }
        return values;
    }

    /** An array of whole numbers. */
    public static long[] longs(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .toArray();
    }

    /** An array of numbers. */
    public static double[] doubles(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }
}

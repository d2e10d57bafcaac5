package dev.jumbo.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Numbers, texts, booleans and paths.
 *
 * @param expected as errors say it
 * @param schemaType JSON Schema's name
 * @param reader null where the node does not fit
 */
record ValueCodec(
        String expected,
        String schemaType,
        Function<JsonNode, @Nullable Object> reader,
        Function<Object, JsonNode> writer)
        implements Codec {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Whole numbers of more digits are written with an exponent. */
    private static final int LONGEST_WHOLE = 40;

    /** The codec of a plain Java type, or null if it is not one. */
    static @Nullable Codec of(Type type) {
        if (type == boolean.class || type == Boolean.class) {
            return new ValueCodec(
                    "true or false",
                    "boolean",
                    n -> n.isBoolean() ? n.booleanValue() : null,
                    v -> NODES.booleanNode((Boolean) v));
        }
        if (type == int.class || type == Integer.class) {
            return new ValueCodec("a whole number", "integer", ValueCodec::integer, v -> NODES.numberNode((Integer) v));
        }
        if (type == long.class || type == Long.class) {
            return new ValueCodec("a whole number", "integer", ValueCodec::whole, v -> NODES.numberNode((Long) v));
        }
        if (type == double.class || type == Double.class) {
            return new ValueCodec("a number", "number", ValueCodec::number, v -> NODES.numberNode((Double) v));
        }
        if (type == float.class || type == Float.class) {
            return new ValueCodec(
                    "a number",
                    "number",
                    n -> number(n) instanceof Double d ? d.floatValue() : null,
                    v -> NODES.numberNode((Float) v));
        }
        if (type == BigDecimal.class) {
            return new ValueCodec("a finite number", "number", ValueCodec::exact, v -> exactNode((BigDecimal) v));
        }
        if (type == String.class) {
            return new ValueCodec(
                    "a text (numbers in quotes)", "string", JsonNode::textValue, v -> NODES.textNode((String) v));
        }
        if (type == Path.class) {
            return new ValueCodec("a path", "string", ValueCodec::path, v -> NODES.textNode(slashes((Path) v)));
        }
        return null;
    }

    @Override
    public Object read(JsonNode node, Place at) {
        Object value = reader.apply(node);
        if (value == null) {
            throw at.error("expected " + expected + ", received " + Codec.shown(node));
        }
        return value;
    }

    @Override
    public JsonNode write(Object value) {
        return writer.apply(value);
    }

    @Override
    public ObjectNode schema(JsonSchema schemas) {
        return NODES.objectNode().put("type", schemaType);
    }

    private static @Nullable Object integer(JsonNode node) {
        return whole(node) instanceof Long l && l == l.intValue() ? l.intValue() : null;
    }

    /** {@code 1e5} and {@code 3.0} are whole numbers too. */
    private static @Nullable Object whole(JsonNode node) {
        if (node.isIntegralNumber()) {
            return node.canConvertToLong() ? node.longValue() : null;
        }
        double value = node.doubleValue();
        return node.isNumber() && Math.abs(value) <= 1L << 53 && value == Math.rint(value) ? (long) value : null;
    }

    /** JSON has no word for what is not finite; Jackson writes it as text. */
    private static @Nullable Object number(JsonNode node) {
        if (node.isNumber()) {
            return node.doubleValue();
        }
        return switch (node.asText()) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> null;
        };
    }

    /** With all digits of a whole number; others as they are written, as far as a double tells them apart. */
    private static @Nullable Object exact(JsonNode node) {
        if (node.isIntegralNumber() || node.isBigDecimal()) {
            return node.decimalValue();
        }
        return node.isNumber() && Double.isFinite(node.doubleValue()) ? BigDecimal.valueOf(node.doubleValue()) : null;
    }

    /** Whole numbers as such, others as doubles where these are written with the same digits. */
    private static JsonNode exactNode(BigDecimal value) {
        boolean whole = value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
        double rounded = value.doubleValue();
        if (whole && value.precision() - value.scale() <= LONGEST_WHOLE) {
            BigInteger digits = value.toBigInteger();
            return digits.bitLength() < Long.SIZE ? NODES.numberNode(digits.longValue()) : NODES.numberNode(digits);
        }
        return Double.isFinite(rounded) && BigDecimal.valueOf(rounded).compareTo(value) == 0
                ? NODES.numberNode(rounded)
                : NODES.numberNode(value);
    }

    private static @Nullable Object path(JsonNode node) {
        try {
            return node.isTextual() ? Path.of(node.textValue()) : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static String slashes(Path path) {
        return path.toString().replace(path.getFileSystem().getSeparator(), "/");
    }
}

package dev.jumbo.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigInteger;
import java.util.regex.Pattern;

/**
 * What an unquoted YAML scalar means, by the core schema of YAML 1.2 (section 10.3.2) without octal and hexadecimal
 * numbers. SnakeYAML's own rules are those of YAML 1.1, in which {@code no} is false and {@code 1e-3} is a text.
 */
final class CoreSchema {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]{1,4})?");

    /** No number that a configuration or a model can mean is longer; parsing takes quadratic time. */
    private static final int LONGEST_NUMBER = 400;

    private CoreSchema() {}

    static JsonNode resolve(String text) {
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> NODES.nullNode();
            case "true", "True", "TRUE" -> NODES.booleanNode(true);
            case "false", "False", "FALSE" -> NODES.booleanNode(false);
            case ".nan", ".NaN", ".NAN" -> NODES.numberNode(Double.NaN);
            case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" -> NODES.numberNode(Double.POSITIVE_INFINITY);
            case "-.inf", "-.Inf", "-.INF" -> NODES.numberNode(Double.NEGATIVE_INFINITY);
            default -> number(text);
        };
    }

    private static JsonNode number(String text) {
        if (text.length() > LONGEST_NUMBER) {
            return NODES.textNode(text);
        }
        if (WHOLE.matcher(text).matches()) {
            BigInteger whole = new BigInteger(text.startsWith("+") ? text.substring(1) : text);
            return whole.bitLength() < 64 ? NODES.numberNode(whole.longValue()) : NODES.numberNode(whole);
        }
        if (DECIMAL.matcher(text).matches()) {
            return NODES.numberNode(Double.parseDouble(text));
        }
        return NODES.textNode(text);
    }
}

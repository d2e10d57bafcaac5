package dev.jumbo.text.jinja;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What stands behind {@code is}. */
final class Tests {
    private static final Set<String> NAMES = Set.of(
            "defined",
            "undefined",
            "none",
            "string",
            "number",
            "integer",
            "float",
            "boolean",
            "true",
            "false",
            "mapping",
            "iterable",
            "sequence",
            "callable",
            "odd",
            "even",
            "divisibleby",
            "eq",
            "equalto",
            "==",
            "ne",
            "!=",
            "lt",
            "lessthan",
            "<",
            "le",
            "<=",
            "gt",
            "greaterthan",
            ">",
            "ge",
            ">=",
            "in",
            "sameas",
            "lower",
            "upper");

    private final Budget budget;

    Tests(Budget budget) {
        this.budget = budget;
    }

    /** @throws SyntaxRefused if there is no such test */
    static void require(String name, int line) {
        if (!NAMES.contains(name)) {
            throw new SyntaxRefused(
                    "there is no test \"" + Text.shown(name) + "\"; templates may use "
                            + NAMES.stream().sorted().toList(),
                    line);
        }
    }

    boolean apply(String name, Object value, List<Object> arguments) {
        if (!NAMES.contains(name)) {
            throw new Refused("there is no test \"" + Text.shown(name) + "\"");
        }
        return switch (name) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value instanceof Nothing;
            case "string" -> value instanceof String;
            case "number" -> value instanceof Number || value instanceof Boolean;
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "mapping" -> value instanceof Map;
            case "iterable", "sequence" ->
                value instanceof List || value instanceof Map || value instanceof String || value instanceof Undefined;
            case "callable" -> value instanceof Callable;
            case "odd" -> whole(name, value) % 2 != 0;
            case "even" -> whole(name, value) % 2 == 0;
            case "lower" ->
                value instanceof String text && text.equals(Text.lower(text)) && !text.equals(Text.upper(text));
            case "upper" ->
                value instanceof String text && text.equals(Text.upper(text)) && !text.equals(Text.lower(text));
            default -> withOne(name, value, arguments);
        };
    }

    private static long whole(String name, Object value) {
        if (!(value instanceof Long number)) {
            throw new Refused(name + ": expected a whole number, received " + Values.typeName(value));
        }
        return number;
    }

    private boolean withOne(String name, Object value, List<Object> arguments) {
        if (arguments.size() != 1) {
            throw new Refused(name + ": expected one value to compare with, received " + arguments.size());
        }
        Object other = arguments.get(0);
        return switch (name) {
            case "divisibleby" -> {
                long by = whole(name, other);
                if (by == 0) {
                    throw new Refused("divisibleby: expected another number than 0");
                }
                yield whole(name, value) % by == 0;
            }
            case "eq", "equalto", "==" -> Values.equal(value, other, budget);
            case "ne", "!=" -> !Values.equal(value, other, budget);
            case "in" -> Values.contains(other, value, budget);
            case "sameas" -> value == other || isPlain(value) && value.equals(other);
            case "lt", "lessthan", "<" -> Arithmetic.holds("<", Values.compare(value, other, budget));
            case "le", "<=" -> Arithmetic.holds("<=", Values.compare(value, other, budget));
            case "gt", "greaterthan", ">" -> Arithmetic.holds(">", Values.compare(value, other, budget));
            default -> Arithmetic.holds(">=", Values.compare(value, other, budget));
        };
    }

    private static boolean isPlain(Object value) {
        return value instanceof Boolean || value instanceof Nothing || value instanceof Long || value instanceof String;
    }
}

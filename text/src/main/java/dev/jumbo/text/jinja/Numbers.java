package dev.jumbo.text.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Filters of numbers. */
final class Numbers {
    private Numbers() {}

    static Object of(String name, Object value, Arguments given) {
        return switch (name) {
            case "int" -> whole(value, given);
            case "float" -> real(value, given);
            case "abs" -> absolute(value);
            default -> round(value, given);
        };
    }

    private static Object whole(Object value, Arguments given) {
        if (value instanceof Boolean flag) {
            return flag ? 1L : 0L;
        }
        if (value instanceof Long) {
            return value;
        }
        Object standard = given.or(0, "default", 0L);
        double number = value instanceof Double real ? real : Double.NaN;
        if (value instanceof String text) {
            try {
                return Long.parseLong(text.strip().replace("_", ""), (int)
                        Math.max(2, Math.min(36, given.whole(1, "base", 10))));
            } catch (NumberFormatException e) {
                number = parsed(text);
            }
        }
        return Double.isNaN(number) || Math.abs(number) >= 1L << 62 ? standard : (Object) (long) number;
    }

    private static double parsed(String text) {
        String plain = text.strip();
        if (!plain.matches("[+-]?([0-9]{1,40}(\\.[0-9]{0,40})?|\\.[0-9]{1,40})([eE][+-]?[0-9]{1,4})?")) {
            return Double.NaN;
        }
        return Double.parseDouble(plain);
    }

    private static Object real(Object value, Arguments given) {
        if (value instanceof Number || value instanceof Boolean) {
            return Values.number(value).doubleValue();
        }
        double number = value instanceof String text ? parsed(text) : Double.NaN;
        return Double.isNaN(number) ? given.or(0, "default", 0.0) : (Object) number;
    }

    private static Object absolute(Object value) {
        if (value instanceof Long number && number != Long.MIN_VALUE) {
            return Math.abs(number);
        }
        if (value instanceof Double number) {
            return Math.abs(number);
        }
        throw new Refused("abs: expected a number, received " + Values.typeName(value));
    }

    private static Object round(Object value, Arguments given) {
        if (!(value instanceof Number) && !(value instanceof Boolean)) {
            throw new Refused("round: expected a number, received " + Values.typeName(value));
        }
        double number = Values.number(value).doubleValue();
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return number;
        }
        long digits = given.whole(0, "precision", 0);
        if (digits < -100 || digits > 100) {
            throw new Refused("round: expected a precision from -100 to 100, received " + digits);
        }
        RoundingMode mode = switch (String.valueOf(given.or(1, "method", "common"))) {
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            case "common" -> RoundingMode.HALF_EVEN;
            default -> throw new Refused("round: expected common, ceil or floor");
        };
        return new BigDecimal(number).setScale((int) digits, mode).doubleValue();
    }
}

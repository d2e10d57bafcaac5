package dev.jumbo.data.clean.rules;

import dev.jumbo.data.table.Moment;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/** The functions that expressions may call, beside {@code missing} and {@code matches}; there are no others. */
final class Functions {
    static final Map<String, Known> KNOWN = known();

    private Functions() {}

    /**
     * A function.
     *
     * @param least how many arguments at least
     * @param most how many arguments at most
     * @param condition whether it is true or false
     */
    record Known(int least, int most, boolean condition, Function<List<Value>, Value> call) {
        String arguments() {
            return most == Integer.MAX_VALUE
                    ? least + " arguments or more"
                    : least == 1 ? "1 argument" : least + " arguments";
        }
    }

    private static Map<String, Known> known() {
        Map<String, Known> known = new TreeMap<>();
        number(known, "abs", Num::abs);
        number(known, "round", n -> n.rounded(RoundingMode.HALF_EVEN));
        number(known, "floor", n -> n.rounded(RoundingMode.FLOOR));
        number(known, "ceil", n -> n.rounded(RoundingMode.CEILING));
        several(known, "min", (a, b) -> a.order(b) <= 0 ? a : b);
        several(known, "max", (a, b) -> a.order(b) >= 0 ? a : b);
        known.put("length", one(false, v -> {
            String text = Value.text(v);
            return Num.of(text.codePointCount(0, text.length()));
        }));
        known.put("lower", text(t -> t.toLowerCase(Locale.ROOT)));
        known.put("upper", text(t -> t.toUpperCase(Locale.ROOT)));
        known.put("trim", text(String::strip));
        known.put("starts_with", two((a, b) -> a.startsWith(b)));
        known.put("ends_with", two((a, b) -> a.endsWith(b)));
        known.put("contains", two((a, b) -> a.contains(b)));
        part(known, "year", moment -> moment.at().getYear());
        part(known, "month", moment -> moment.at().getMonthValue());
        part(known, "day", moment -> moment.at().getDayOfMonth());
        part(known, "weekday", moment -> moment.at().getDayOfWeek().getValue() - 1);
        known.put("date", one(false, v -> {
            Moment moment = Value.moment(v);
            return moment == null
                    ? Value.Unfit.KIND
                    : new Value.Day(Moment.day(moment.at().toLocalDate()));
        }));
        known.put("is_number", one(true, v -> new Value.Truth(Value.number(v) != null)));
        known.put("is_date", one(true, v -> new Value.Truth(Value.moment(v) != null)));
        return known;
    }

    private static Known one(boolean condition, Function<Value, Value> of) {
        return new Known(1, 1, condition, values -> of.apply(values.get(0)));
    }

    private static Known text(Function<String, String> of) {
        return one(false, v -> new Value.Text(of.apply(Value.text(v)), true));
    }

    private interface Test {
        boolean of(String text, String other);
    }

    private static Known two(Test test) {
        return new Known(
                2, 2, true, values -> new Value.Truth(test.of(Value.text(values.get(0)), Value.text(values.get(1)))));
    }

    private static void number(Map<String, Known> known, String name, UnaryOperator<Num> of) {
        known.put(name, one(false, v -> {
            Num number = Value.number(v);
            return number == null ? Value.Unfit.KIND : of.apply(number);
        }));
    }

    private static void several(Map<String, Known> known, String name, BinaryOperator<Num> of) {
        known.put(name, new Known(2, Integer.MAX_VALUE, false, values -> {
            Num result = Value.number(values.get(0));
            for (Value value : values) {
                Num number = Value.number(value);
                if (number == null || result == null) {
                    return Value.Unfit.KIND;
                }
                result = of.apply(result, number);
            }
            return result == null ? Value.Unfit.KIND : result;
        }));
    }

    private static void part(Map<String, Known> known, String name, ToIntFunction<Moment> of) {
        known.put(name, one(false, v -> {
            Moment moment = Value.moment(v);
            return moment == null ? Value.Unfit.KIND : Num.of(of.applyAsInt(moment));
        }));
    }
}

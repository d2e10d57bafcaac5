package dev.jumbo.data.clean.rules;

import dev.jumbo.data.table.Moment;
import dev.jumbo.data.table.Numbers;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Comparison of values: as numbers where both are, as dates where both are, else as texts. A text in quotes is no number.
 * Which of two texts of columns is greater is not said unless they are numbers or dates; nor which of a number and a text in
 * quotes, since '10' comes before '9'.
 */
enum Comparing {
    EQUAL("="),
    UNEQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">=");

    private final String sign;

    Comparing(String sign) {
        this.sign = sign;
    }

    /** Null if there is no such comparison. */
    static @Nullable Comparing of(String sign) {
        String usual = sign.equals("==") ? "=" : sign.equals("<>") ? "!=" : sign;
        for (Comparing comparing : values()) {
            if (comparing.sign.equals(usual)) {
                return comparing;
            }
        }
        return null;
    }

    Value of(Value a, Value b) {
        Value absent = Value.absent(a, b);
        if (absent != null) {
            return absent;
        }
        boolean equality = this == EQUAL || this == UNEQUAL;
        if (a instanceof Value.Truth one && b instanceof Value.Truth two) {
            return equality
                    ? truth(Boolean.compare(one.holds(), two.holds()))
                    : Value.Unfit.KIND; // Conditions are equal or not, none is greater.
        }
        if (a instanceof Value.Truth != b instanceof Value.Truth) {
            Value one = a instanceof Value.Truth ? a : written(a);
            Value two = b instanceof Value.Truth ? b : written(b);
            return one instanceof Value.Unfit ? one : two instanceof Value.Unfit ? two : of(one, two);
        }
        Num x = Value.number(a);
        Num y = Value.number(b);
        if (x != null && y != null) {
            return truth(x.order(y));
        }
        Moment from = Value.moment(a);
        Moment to = Value.moment(b);
        if (from != null && to != null) {
            return truth(from.universal().compareTo(to.universal()));
        }
        boolean texts = a instanceof Value.Text && b instanceof Value.Text;
        boolean literal = a instanceof Value.Text one && one.literal() || b instanceof Value.Text two && two.literal();
        if (equality && !texts) {
            return truth(1);
        }
        if (!equality && literal && texts && (isPlain(a, x) || isPlain(b, y))) {
            return Value.Unfit.QUOTED;
        }
        if (texts && (equality || literal && from == null && to == null)) {
            return truth(Value.text(a).compareTo(Value.text(b)));
        }
        return Value.Unfit.KIND;
    }

    /** Whether a value is a number and no code of digits such as 007, which is compared as a text. */
    private static boolean isPlain(Value value, @Nullable Num number) {
        return number != null && !Numbers.isCode(Value.text(value));
    }

    /** A column of yes and no, as boolean columns are written. */
    private static Value written(Value value) {
        return switch (Value.text(value).strip().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "t", "y", "1" -> new Value.Truth(true);
            case "false", "no", "f", "n", "0" -> new Value.Truth(false);
            default -> Value.Unfit.KIND;
        };
    }

    private Value.Truth truth(int order) {
        return new Value.Truth(
                switch (this) {
                    case EQUAL -> order == 0;
                    case UNEQUAL -> order != 0;
                    case LESS -> order < 0;
                    case LESS_OR_EQUAL -> order <= 0;
                    case GREATER -> order > 0;
                    case GREATER_OR_EQUAL -> order >= 0;
                });
    }
}

package dev.jumbo.data.clean.rules;

import dev.jumbo.data.table.Moment;
import java.math.BigDecimal;
import java.time.Duration;

/** Numbers as {@link Num} has them; of dates the difference in days, and days later or earlier. */
enum Arithmetic {
    PLUS,
    MINUS,
    TIMES,
    OVER,
    REMAINDER;

    private static final Num SECONDS_OF_DAY = Num.of(86_400);

    /** Days within which dates stay dates. */
    private static final double FARTHEST = 4_000_000;

    Value of(Value a, Value b) {
        Value absent = Value.absent(a, b);
        if (absent != null) {
            return absent;
        }
        Num x = Value.number(a);
        Num y = Value.number(b);
        if (x != null && y != null) {
            return numbers(x, y);
        }
        Moment from = Value.moment(a);
        Moment to = Value.moment(b);
        if (this == MINUS && from != null && to != null) {
            Duration between = Duration.between(to.universal(), from.universal());
            Num seconds =
                    Num.of(BigDecimal.valueOf(between.getSeconds()).add(BigDecimal.valueOf(between.getNano(), 9)));
            return OVER.numbers(seconds, SECONDS_OF_DAY);
        }
        if (this == PLUS && from == null && to != null && x != null) {
            return later(to, x.toDouble());
        }
        if ((this == PLUS || this == MINUS) && from != null && y != null) {
            return later(from, this == PLUS ? y.toDouble() : -y.toDouble());
        }
        return Value.Unfit.KIND;
    }

    private static Value later(Moment moment, double days) {
        if (!(Math.abs(days) <= FARTHEST)) {
            return Value.Unfit.KIND;
        }
        boolean whole = days == Math.rint(days);
        return new Value.Day(new Moment(
                whole ? moment.at().plusDays((long) days) : moment.at().plusSeconds(Math.round(days * 86_400)),
                moment.offset(),
                moment.timed() || !whole));
    }

    private Value numbers(Num x, Num y) {
        try {
            Num result = switch (this) {
                case PLUS -> x.plus(y);
                case MINUS -> x.plus(y.negated());
                case TIMES -> x.times(y);
                case OVER -> x.over(y);
                case REMAINDER -> x.remainder(y);
            };
            return result == null ? Value.Unfit.CALCULATION : result;
        } catch (ArithmeticException e) {
            return Value.Unfit.CALCULATION; // An exponent of more than nine digits.
        }
    }
}

package dev.jumbo.data.clean.rules;

import dev.jumbo.data.clean.dates.Moment;
import java.time.Duration;

/** Numbers by the rules of doubles; of dates the difference in days, and days later or earlier. */
enum Arithmetic {
    PLUS,
    MINUS,
    TIMES,
    OVER,
    REMAINDER;

    private static final double SECONDS_OF_DAY = 86_400;

    /** Days within which dates stay dates. */
    private static final double FARTHEST = 4_000_000;

    Value of(Value a, Value b) {
        Value absent = Value.absent(a, b);
        if (absent != null) {
            return absent;
        }
        double x = Value.number(a);
        double y = Value.number(b);
        if (!Double.isNaN(x) && !Double.isNaN(y)) {
            double result = numbers(x, y);
            return Double.isFinite(result) ? new Value.Num(result) : Value.Unknown.MISSING;
        }
        Moment from = Value.moment(a);
        Moment to = Value.moment(b);
        if (this == MINUS && from != null && to != null) {
            Duration between = Duration.between(to.universal(), from.universal());
            return new Value.Num((between.getSeconds() + between.getNano() / 1e9) / SECONDS_OF_DAY);
        }
        if (this == PLUS && from == null && to != null) {
            return later(to, x);
        }
        if ((this == PLUS || this == MINUS) && from != null) {
            return later(from, this == PLUS ? y : -y);
        }
        return new Value.Unfit("a value is no number");
    }

    private static Value later(Moment moment, double days) {
        if (!(Math.abs(days) <= FARTHEST)) {
            return new Value.Unfit("a value is no number of days");
        }
        boolean whole = days == Math.rint(days);
        return new Value.Day(new Moment(
                whole ? moment.at().plusDays((long) days) : moment.at().plusSeconds(Math.round(days * SECONDS_OF_DAY)),
                moment.offset(),
                moment.timed() || !whole));
    }

    private double numbers(double x, double y) {
        return switch (this) {
            case PLUS -> x + y;
            case MINUS -> x - y;
            case TIMES -> x * y;
            case OVER -> x / y;
            case REMAINDER -> x - Math.floor(x / y) * y; // The sign of the divisor, as Python's.
        };
    }
}

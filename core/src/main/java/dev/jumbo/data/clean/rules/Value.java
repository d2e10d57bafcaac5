package dev.jumbo.data.clean.rules;

import dev.jumbo.data.clean.dates.Moment;
import dev.jumbo.data.table.Numbers;
import org.jspecify.annotations.Nullable;

/** What an expression gives for one row. */
sealed interface Value {
    /** Nothing is known: a missing value, or what follows from one. */
    enum Unknown implements Value {
        MISSING
    }

    record Num(double number) implements Value {}

    record Day(Moment moment) implements Value {}

    record Truth(boolean holds) implements Value {}

    /** @param literal whether it stands in quotes in the expression: then it is a text and no number */
    record Text(String text, boolean literal) implements Value {}

    /** No value, because the row has another kind of value than the expression needs. @param why in words */
    record Unfit(String why) implements Value {}

    /** NaN if it is no number. */
    static double number(Value value) {
        if (value instanceof Num number) {
            return number.number();
        }
        return value instanceof Text text && !text.literal() ? Numbers.parse(text.text()) : Double.NaN;
    }

    /** Null if it is no date. */
    static @Nullable Moment moment(Value value) {
        if (value instanceof Day day) {
            return day.moment();
        }
        return value instanceof Text text ? Moment.iso(text.text()) : null;
    }

    /** As a text, for functions of texts. */
    static String text(Value value) {
        if (value instanceof Text text) {
            return text.text();
        }
        if (value instanceof Num number) {
            return Numbers.format(number.number());
        }
        if (value instanceof Day day) {
            return day.moment().text();
        }
        return value instanceof Truth truth ? String.valueOf(truth.holds()) : "";
    }

    /** The value that makes a whole expression have none, or null if there is none among these. */
    static @Nullable Value absent(Value... values) {
        Value absent = null;
        for (Value value : values) {
            if (value instanceof Unfit) {
                return value;
            }
            absent = value == Unknown.MISSING ? value : absent;
        }
        return absent;
    }
}

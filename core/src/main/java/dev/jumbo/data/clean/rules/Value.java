package dev.jumbo.data.clean.rules;

import dev.jumbo.data.table.Moment;
import org.jspecify.annotations.Nullable;

/** What an expression gives for one row. */
sealed interface Value permits Value.Unknown, Num, Value.Day, Value.Truth, Value.Text, Value.Unfit {
    /** Nothing is known: a missing value, or what follows from one. */
    enum Unknown implements Value {
        MISSING
    }

    record Day(Moment moment) implements Value {}

    record Truth(boolean holds) implements Value {}

    /** @param literal whether it stands in quotes in the expression: then it is a text and no number */
    record Text(String text, boolean literal) implements Value {}

    /** No value, because there is none for what the row has. */
    enum Unfit implements Value {
        /** Another kind of value than the expression needs. */
        KIND(Expression.Outcome.UNFIT),
        /** A division by zero, or infinity less infinity. */
        CALCULATION(Expression.Outcome.UNDEFINED),
        /** A number that is to be less or greater than a text in quotes. */
        QUOTED(Expression.Outcome.QUOTED);

        private final Expression.Outcome outcome;

        Unfit(Expression.Outcome outcome) {
            this.outcome = outcome;
        }

        /** What is said about the row. */
        Expression.Outcome outcome() {
            return outcome;
        }
    }

    /** Null if it is no number. */
    static @Nullable Num number(Value value) {
        if (value instanceof Num number) {
            return number;
        }
        return value instanceof Text text && !text.literal() ? Num.of(text.text()) : null;
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
            return number.text();
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

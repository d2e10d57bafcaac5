package dev.jumbo.data.clean.dates;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A number that a date or time has. Sines and cosines go round once in a period, so that December is beside January. */
public enum DatePart {
    YEAR(LocalDateTime::getYear),
    /** 1 to 4. */
    QUARTER(at -> at.get(IsoFields.QUARTER_OF_YEAR)),
    /** 1 to 12. */
    MONTH(LocalDateTime::getMonthValue),
    /** ISO week of the year, 1 to 53. */
    WEEK(at -> at.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR)),
    /** 1 to 31. */
    DAY(LocalDateTime::getDayOfMonth),
    /** Monday 0 to Sunday 6, as pandas. */
    WEEKDAY(DatePart::weekday),
    /** 1 on Saturday and Sunday, 0 on others. */
    IS_WEEKEND(at -> weekday(at) >= 5 ? 1 : 0),
    /** 1 to 366. */
    DAY_OF_YEAR(LocalDateTime::getDayOfYear),
    /** 0 to 23. */
    HOUR(LocalDateTime::getHour),
    MINUTE(LocalDateTime::getMinute),
    SECOND(LocalDateTime::getSecond),
    /** sin(2 pi (month - 1) / 12). */
    MONTH_SIN(at -> Math.sin(circle(at.getMonthValue() - 1, 12))),
    MONTH_COS(at -> Math.cos(circle(at.getMonthValue() - 1, 12))),
    /** sin(2 pi (day - 1) / days of the month). */
    DAY_SIN(at -> Math.sin(circle(at.getDayOfMonth() - 1, at.toLocalDate().lengthOfMonth()))),
    DAY_COS(at -> Math.cos(circle(at.getDayOfMonth() - 1, at.toLocalDate().lengthOfMonth()))),
    /** sin(2 pi weekday / 7). */
    WEEKDAY_SIN(at -> Math.sin(circle(weekday(at), 7))),
    WEEKDAY_COS(at -> Math.cos(circle(weekday(at), 7))),
    /** sin(2 pi (day of the year - 1) / days of the year). */
    DAY_OF_YEAR_SIN(
            at -> Math.sin(circle(at.getDayOfYear() - 1, at.toLocalDate().lengthOfYear()))),
    DAY_OF_YEAR_COS(
            at -> Math.cos(circle(at.getDayOfYear() - 1, at.toLocalDate().lengthOfYear()))),
    /** sin(2 pi seconds since midnight / 86400). */
    HOUR_SIN(at -> Math.sin(circle(at.toLocalTime().toSecondOfDay(), 86_400))),
    HOUR_COS(at -> Math.cos(circle(at.toLocalTime().toSecondOfDay(), 86_400))),
    /** Days since a given day, whole ones. */
    DAYS_SINCE(at -> Double.NaN);

    private final ToDoubleFunction<LocalDateTime> number;

    DatePart(ToDoubleFunction<LocalDateTime> number) {
        this.number = number;
    }

    double of(LocalDateTime at, LocalDate since) {
        return this == DAYS_SINCE ? ChronoUnit.DAYS.between(since, at.toLocalDate()) : number.applyAsDouble(at);
    }

    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static int weekday(LocalDateTime at) {
        return at.getDayOfWeek().getValue() - 1;
    }

    private static double circle(double at, double period) {
        return 2 * Math.PI * at / period;
    }
}

package dev.jumbo.data.clean.dates;

/** The order of day, month and year in a date of numbers. */
public enum DateOrder {
    /** 31/12/2020. */
    DAY_FIRST("%d", "%m", "", "day first"),
    /** 12/31/2020. */
    MONTH_FIRST("%m", "%d", "", "month first"),
    /** 20/12/31. */
    YEAR_FIRST("", "%m", "%d", "year first");

    private final String one;
    private final String two;
    private final String three;
    private final String words;

    DateOrder(String one, String two, String three, String words) {
        this.one = one;
        this.two = two;
        this.three = three;
        this.words = words;
    }

    String words() {
        return words;
    }

    String format(String mark, String year) {
        return (one.isEmpty() ? year : one) + mark + two + mark + (three.isEmpty() ? year : three);
    }
}

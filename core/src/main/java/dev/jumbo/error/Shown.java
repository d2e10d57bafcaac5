package dev.jumbo.error;

import java.lang.reflect.Array;
import java.util.StringJoiner;

/** Values as people read them: {@code [0.25, 0.75]}, of long ones the beginning, as in {@code [1, 2, ... 60 in all]}. */
public final class Shown {
    private static final int MOST = 20;

    private static final int LONGEST = 200;

    private Shown() {}

    /** What a file has in a value's place: the beginning of its text, which may be as long as the file. */
    public static String begin(Object value) {
        String text = String.valueOf(value);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
    }

    /** @param array of any type, of arrays too */
    public static String of(Object array) {
        int length = Array.getLength(array);
        StringJoiner shown = new StringJoiner(", ", "[", "]");
        for (int i = 0; i < Math.min(length, MOST); i++) {
            Object value = Array.get(array, i);
            shown.add(value != null && value.getClass().isArray() ? of(value) : String.valueOf(value));
        }
        if (length > MOST) {
            shown.add("... " + length + " in all");
        }
        return shown.toString();
    }
}

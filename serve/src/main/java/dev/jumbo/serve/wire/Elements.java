package dev.jumbo.serve.wire;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The values of one tensor of a request, row-major, whatever form they came in. */
public interface Elements {
    /** What the values are. */
    enum Form {
        NUMBERS,
        TEXTS,
        TRUTHS;

        /** For messages. */
        String words() {
            return this == TRUTHS ? "true and false" : name().toLowerCase(Locale.ROOT);
        }
    }

    int size();

    Form form();

    /** Whether it is a JSON {@code null}. */
    default boolean isMissing(int index) {
        return false;
    }

    /** A number, or 1 and 0 for true and false; NaN where it is missing. */
    double real(int index);

    /** A number that is whole, exactly. */
    long whole(int index);

    /** Whether it is a whole number of which {@link #real} may have lost digits. */
    default boolean isLong(int index) {
        return false;
    }

    /** Whether it is a whole number of 2^63 to 2^64 - 1, of which {@link #whole} has the 64 bits. */
    default boolean isUnsigned(int index) {
        return false;
    }

    /** A text; null where it is missing. @throws dev.jumbo.error.InputException if it came as bytes that are not UTF-8 */
    @Nullable
    String text(int index);

    /** The bytes of a text, which need not be UTF-8 where they came over a binary protocol; null where it is missing. */
    default byte @Nullable [] bytes(int index) {
        String text = text(index);
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** All values in an array of the caller's own, where they came as FP32 in bytes; null otherwise. */
    default float @Nullable [] floats() {
        return null;
    }
}

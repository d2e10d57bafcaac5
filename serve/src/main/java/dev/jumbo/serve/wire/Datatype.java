package dev.jumbo.serve.wire;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Element types of the protocol that this server takes. Models take FP32 or INT64, and tables texts and numbers; the others
 * are converted. A value that is not of the type that the request names is refused with its place.
 */
public enum Datatype {
    BOOL(1, 0, 1),
    UINT8(1, 0, 255),
    UINT16(2, 0, 65_535),
    UINT32(4, 0, 4_294_967_295L),
    INT8(1, Byte.MIN_VALUE, Byte.MAX_VALUE),
    INT16(2, Short.MIN_VALUE, Short.MAX_VALUE),
    INT32(4, Integer.MIN_VALUE, Integer.MAX_VALUE),
    INT64(8, Long.MIN_VALUE, Long.MAX_VALUE),
    FP32(4, 0, 0),
    FP64(8, 0, 0),
    BYTES(0, 0, 0);

    private static final double TWO_63 = 0x1p63;

    private final int bytes;
    private final long least;
    private final long most;

    Datatype(int bytes, long least, long most) {
        this.bytes = bytes;
        this.least = least;
        this.most = most;
    }

    public static Datatype of(DType dtype) {
        return switch (dtype) {
            case INT64 -> INT64;
            case FLOAT64 -> FP64;
            default -> FP32;
        };
    }

    /** @throws InputException on another name */
    static Datatype named(String input, String name) {
        return Arrays.stream(values())
                .filter(d -> d.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException("input \"" + input + "\": expected a datatype of "
                        + List.of(values()) + ", received \""
                        + (name.length() <= 40 ? name : name.substring(0, 40) + "...") + "\""));
    }

    /** Bytes of one element; 0 where they differ. */
    int bytes() {
        return bytes;
    }

    public boolean isFloating() {
        return this == FP32 || this == FP64;
    }

    /** A view of little-endian bytes as values of this type. @throws InputException if texts do not fill the bytes */
    Elements view(ByteBuffer data) {
        return this == BYTES ? BinaryTexts.read(data) : new BinaryNumbers(this, data);
    }

    /**
     * Refuses what this type does not hold.
     *
     * @param input its name, for the message
     * @param shape of the tensor, for the place
     */
    void require(String input, long[] shape, Elements elements) {
        boolean texts = elements.form() == Elements.Form.TEXTS;
        for (int i = 0; i < elements.size(); i++) {
            if (elements.isMissing(i)) {
                continue; // the model says whether it takes that
            }
            if (texts != (this == BYTES)) {
                throw refused(input, shape, i, texts ? "\"" + elements.text(i) + "\"" : shown(elements, i));
            }
            if (!texts && isFloating() && elements.isLong(i)) {
                throw refused(
                        input,
                        shape,
                        i,
                        elements.whole(i) + ": whole numbers in JSON only up to 2^53; send it as"
                                + " 1.0e18, or as binary data");
            }
            if (!texts && !holds(elements, i)) {
                throw refused(input, shape, i, shown(elements, i));
            }
        }
    }

    private boolean holds(Elements elements, int i) {
        boolean truths = elements.form() == Elements.Form.TRUTHS;
        double real = elements.real(i);
        if (truths) {
            return this == BOOL;
        }
        if (isFloating()) {
            return Float.isFinite((float) real) || this == FP64 && Double.isFinite(real);
        }
        if (real != Math.rint(real) || !(real >= -TWO_63 && real <= TWO_63)) {
            return false;
        }
        long whole = elements.whole(i);
        return whole >= least && whole <= most && (real < TWO_63 || elements.isLong(i));
    }

    private InputException refused(String input, long[] shape, int index, String received) {
        return new InputException("input \"" + input + "\": expected " + words() + " at " + place(shape, index)
                + ", received " + received);
    }

    private String words() {
        return switch (this) {
            case BOOL -> "BOOL (true or false, 1 or 0)";
            case FP32 -> "FP32 (numbers up to 3.4e38)";
            case FP64 -> "FP64 (finite numbers)";
            case BYTES -> "BYTES (texts)";
            default -> this + " (whole numbers from " + least + " to " + most + ")";
        };
    }

    /** The indices of a value, counted from 0. */
    public static String place(long[] shape, int index) {
        long[] place = new long[shape.length];
        long rest = index;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            place[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return Arrays.toString(place);
    }

    private static String shown(Elements elements, int i) {
        if (elements.isLong(i)) {
            return Long.toString(elements.whole(i));
        }
        double value = elements.real(i);
        if (elements.form() == Elements.Form.TRUTHS) {
            return value == 1 ? "true" : "false";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}

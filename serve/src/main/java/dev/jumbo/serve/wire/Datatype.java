package dev.jumbo.serve.wire;

import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * Element types of the protocol. Models take FP32 or INT64, and tables texts and numbers; the others are converted, floating ones
 * exactly. A value that is not of the type that the request names is refused with its place.
 */
public enum Datatype {
    BOOL(1, 0, 1),
    UINT8(1, 0, 255),
    UINT16(2, 0, 65_535),
    UINT32(4, 0, 4_294_967_295L),
    UINT64(8, 0, Long.MAX_VALUE),
    INT8(1, Byte.MIN_VALUE, Byte.MAX_VALUE),
    INT16(2, Short.MIN_VALUE, Short.MAX_VALUE),
    INT32(4, Integer.MIN_VALUE, Integer.MAX_VALUE),
    INT64(8, Long.MIN_VALUE, Long.MAX_VALUE),
    FP16(2, 0, 0),
    BF16(2, 0, 0),
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

    /** What a field is sent as. */
    public static Datatype of(Field field) {
        if (field.meaning() instanceof Meaning.Stored stored && stored.type() == Meaning.Stored.Type.UINT8) {
            return UINT8;
        }
        return field.isBytes() ? BYTES : of(field.dtype());
    }

    /** @throws InputException on another name */
    public static Datatype named(String input, String name) {
        return Arrays.stream(values())
                .filter(d -> d.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException("input \"" + input + "\": expected a datatype of "
                        + List.of(values()) + ", received \""
                        + (name.length() <= 40 ? name : name.substring(0, 40) + "...") + "\""));
    }

    /** The number that 64 bits of UINT64 mean, rounded to a double. */
    public static double unsigned(long bits) {
        return SmallFloats.unsigned(bits);
    }

    /** Bytes of one element; 0 where they differ. */
    public int bytes() {
        return bytes;
    }

    public boolean isFloating() {
        return this == FP16 || this == BF16 || this == FP32 || this == FP64;
    }

    /** The number of this type that is nearest to one; itself where the type is no floating one. */
    double nearest(double value) {
        return switch (this) {
            case FP16 -> SmallFloats.toHalf(value);
            case BF16 -> SmallFloats.toBrain(value);
            case FP32 -> (float) value;
            default -> value;
        };
    }

    /** A view of little-endian bytes as values of this type. @throws InputException if texts do not fill the bytes */
    public Elements view(ByteBuffer data) {
        return this == BYTES ? BinaryTexts.read(data) : new BinaryNumbers(this, data);
    }

    /**
     * Refuses what this type does not hold.
     *
     * @param input its name, for the message
     * @param shape of the tensor, for the place
     */
    public void require(String input, long[] shape, Elements elements) {
        boolean texts = elements.form() == Elements.Form.TEXTS;
        for (int i = 0; i < elements.size(); i++) {
            if (elements.isMissing(i)) {
                continue; // the model says whether it takes that
            }
            if (texts != (this == BYTES)) {
                throw refused(input, shape, i, texts ? "\"" + elements.text(i) + "\"" : shown(elements, i));
            }
            if (!texts && isFloating() && (elements.isLong(i) || elements.isUnsigned(i))) {
                throw refused(
                        input,
                        shape,
                        i,
                        shown(elements, i) + ": whole numbers in JSON only up to 2^53; send it as"
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
            return switch (this) {
                case FP16 -> Math.abs(SmallFloats.toHalf(real)) <= SmallFloats.MAX_HALF;
                case BF16 -> Math.abs(SmallFloats.toBrain(real)) <= SmallFloats.MAX_BRAIN;
                case FP32 -> Float.isFinite((float) real);
                default -> Double.isFinite(real);
            };
        }
        if (elements.isUnsigned(i)) {
            return this == UINT64;
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
            case FP16 -> "FP16 (numbers up to 65504)";
            case BF16, FP32 -> this + " (numbers up to 3.4e38)";
            case FP64 -> "FP64 (finite numbers)";
            case BYTES -> "BYTES (texts)";
            case UINT64 -> "UINT64 (whole numbers from 0 to 18446744073709551615)";
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
        if (elements.isUnsigned(i)) {
            return Long.toUnsignedString(elements.whole(i));
        }
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

package dev.jumbo.serve.wire;

/** Numbers of types that Java does not have: 16-bit floats, and 64 bits without a sign. */
final class SmallFloats {
    /** The largest finite number of FP16. */
    static final double MAX_HALF = 65_504;

    /** The largest finite number of BF16: as FP32's, with 8 bits of mantissa. */
    static final double MAX_BRAIN = 0x1.FEp127;

    private static final int HALF_MANTISSA = 10;
    private static final int HALF_BIAS = 15;

    private SmallFloats() {}

    /** IEEE 754 binary16: 1 sign, 5 exponent, 10 mantissa bits. Exact. */
    static float half(short bits) {
        int exponent = bits >> HALF_MANTISSA & 0x1F;
        int mantissa = bits & 0x3FF;
        float value = switch (exponent) {
            case 0 -> Math.scalb((float) mantissa, 1 - HALF_BIAS - HALF_MANTISSA);
            case 0x1F -> mantissa == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> Math.scalb((float) (mantissa | 1 << HALF_MANTISSA), exponent - HALF_BIAS - HALF_MANTISSA);
        };
        return bits < 0 ? -value : value;
    }

    /** The upper half of an IEEE 754 binary32. Exact. */
    static float brain(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** The number that 64 bits mean without a sign, rounded to a double. */
    static double unsigned(long bits) {
        // Half of it, the lost bit kept so that it rounds as the whole number does, and twice that.
        return bits >= 0 ? bits : (double) (bits >>> 1 | bits & 1) * 2;
    }

    /** A number rounded to the nearest of a type with so many bits of mantissa and so small a normal exponent; ties go to even. */
    private static double rounded(double value, int mantissa, int leastExponent) {
        if (value == 0 || !Double.isFinite(value)) {
            return value;
        }
        double unit = Math.scalb(1.0, Math.max(Math.getExponent(value), leastExponent) - mantissa);
        return Math.rint(value / unit) * unit;
    }

    static double toHalf(double value) {
        return rounded(value, HALF_MANTISSA, 1 - HALF_BIAS);
    }

    static double toBrain(double value) {
        return rounded(value, 7, Float.MIN_EXPONENT);
    }
}

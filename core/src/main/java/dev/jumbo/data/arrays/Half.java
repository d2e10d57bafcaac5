package dev.jumbo.data.arrays;

/** Numbers of 16 bits (IEEE 754 binary16): a sign, 5 bits of exponent, 10 of fraction. Java reads them itself from version 20 on. */
final class Half {
    private static final int FRACTION = 10;
    private static final int LARGEST = 31;
    private static final int BIAS = 15;
    private static final int FLOAT_FRACTION = 23;
    private static final int FLOAT_BIAS = 127;
    /** A step of numbers below the least normal one. */
    private static final float SUBNORMAL = 0x1p-24f;

    private Half() {}

    /** The same number: FLOAT32 has all of them. */
    static float toFloat(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> FRACTION & LARGEST;
        int fraction = bits & (1 << FRACTION) - 1;
        if (exponent == 0) {
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * SUBNORMAL));
        }
        int wide = exponent == LARGEST ? 0xff : exponent - BIAS + FLOAT_BIAS;
        return Float.intBitsToFloat(sign | wide << FLOAT_FRACTION | fraction << FLOAT_FRACTION - FRACTION);
    }
}

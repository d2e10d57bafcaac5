package dev.jumbo.models.gguf;

import java.nio.ByteBuffer;

/**
 * Blocks of quantized values, as ggml lays them out. d and m are scales in half precision.
 *
 * <ul>
 *   <li>Q8_0: d, 32 bytes q; {@code d q}.
 *   <li>Q4_0: d, 16 bytes of two q each, the lower halves first; {@code d (q - 8)}.
 *   <li>Q4_K: d, m, eight scales s and minima n of 6 bits in 12 bytes, 128 bytes of two q each; 8 times 32 values {@code d s q - m n}.
 *   <li>Q6_K: 128 bytes of lower and 64 of upper bits of q, 16 bytes s, d; 16 times 16 values {@code d s (q - 32)}.
 * </ul>
 */
final class Blocks {
    private Blocks() {}

    /** IEEE 754 half precision. */
    static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0) {
            float value = fraction * 0x1p-24f;
            return sign == 0 ? value : -value;
        }
        int wide = exponent == 0x1f ? 0xff : exponent + 112;
        return Float.intBitsToFloat(sign | wide << 23 | fraction << 13);
    }

    static void q8(ByteBuffer from, int at, float[] into, int to) {
        float d = half(from.getShort(at));
        for (int i = 0; i < 32; i++) {
            into[to + i] = d * from.get(at + 2 + i);
        }
    }

    static void q4(ByteBuffer from, int at, float[] into, int to) {
        float d = half(from.getShort(at));
        for (int i = 0; i < 16; i++) {
            int q = from.get(at + 2 + i);
            into[to + i] = d * ((q & 0xf) - 8);
            into[to + 16 + i] = d * ((q >> 4 & 0xf) - 8);
        }
    }

    static void q4k(ByteBuffer from, int at, float[] into, int to) {
        float d = half(from.getShort(at));
        float m = half(from.getShort(at + 2));
        int scales = at + 4;
        int q = at + 16;
        for (int part = 0; part < 8; part++) {
            int s;
            int n;
            if (part < 4) {
                s = from.get(scales + part) & 63;
                n = from.get(scales + part + 4) & 63;
            } else {
                int both = from.get(scales + part + 4);
                s = (both & 0xf) | ((from.get(scales + part - 4) >> 6 & 3) << 4);
                n = (both >> 4 & 0xf) | ((from.get(scales + part) >> 6 & 3) << 4);
            }
            float scale = d * s;
            float least = m * n;
            int shift = part % 2 * 4;
            for (int i = 0; i < 32; i++) {
                int value = from.get(q + part / 2 * 32 + i) >> shift & 0xf;
                into[to + part * 32 + i] = scale * value - least;
            }
        }
    }

    static void q6k(ByteBuffer from, int at, float[] into, int to) {
        float d = half(from.getShort(at + 208));
        for (int half = 0; half < 2; half++) {
            int low = at + half * 64;
            int high = at + 128 + half * 32;
            int scales = at + 192 + half * 8;
            for (int part = 0; part < 4; part++) {
                for (int i = 0; i < 32; i++) {
                    int lower = from.get(low + part % 2 * 32 + i) >> (part / 2 * 4) & 0xf;
                    int upper = from.get(high + i) >> (2 * part) & 3;
                    float scale = d * from.get(scales + 2 * part + i / 16);
                    into[to + half * 128 + part * 32 + i] = scale * ((lower | upper << 4) - 32);
                }
            }
        }
    }
}

package dev.jumbo.serve.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Digests are of what NumPy 2.4.6 and PyTorch 2.13.0 make of the same numbers: serve/src/test/python/small_floats.py. */
class SmallFloatsTest {
    private static final int NUMBERS = 100_000;

    @Test
    void each_of_the_65536_halves_is_the_float_that_numpy_says() throws NoSuchAlgorithmException {
        ByteBuffer all = ByteBuffer.allocate(65_536 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int bits = 0; bits < 65_536; bits++) {
            float value = SmallFloats.half((short) bits);
            all.putFloat(Float.isNaN(value) ? 0 : value);
        }
        assertThat(sha(all)).isEqualTo("faa6d965574036872b0d39a42d1f8bee361d5be92b1e718155a69556a5abacdd");
    }

    @Test
    void numbers_are_rounded_to_halves_as_numpy_rounds_them() throws NoSuchAlgorithmException {
        assertThat(sha(rounded(SmallFloats::toHalf)))
                .isEqualTo("b9b6626b1b87e3d30ff0556795e969ca6570b4b82487821f853998f197656a11");
    }

    @Test
    void numbers_are_rounded_to_brain_floats_as_pytorch_rounds_them() throws NoSuchAlgorithmException {
        assertThat(sha(rounded(value -> SmallFloats.toBrain((float) value))))
                .isEqualTo("3c1056f8cd947e116332f88bc8976eac0d0c629392f86bc7c045b3854e19aa3b");
    }

    @Test
    void numbers_without_a_sign_are_rounded_as_numpy_rounds_them() {
        assertThat(SmallFloats.unsigned(-1L)).isEqualTo(0x1p64);
        assertThat(SmallFloats.unsigned(Long.MIN_VALUE)).isEqualTo(0x1p63);
        assertThat(SmallFloats.unsigned(Long.MIN_VALUE + 1024)).isEqualTo(0x1p63);
        assertThat(SmallFloats.unsigned(Long.MIN_VALUE + 1025)).isEqualTo(0x1.0000000000001p63);
        assertThat(SmallFloats.unsigned(Long.MIN_VALUE + 3072)).isEqualTo(0x1.0000000000002p63);
        assertThat(SmallFloats.unsigned(Long.parseUnsignedLong("12345678901234567890")))
                .isEqualTo(0x1.56a95319d63e1p63);
    }

    private static ByteBuffer rounded(DoubleUnaryOperator rounding) {
        ByteBuffer all = ByteBuffer.allocate(NUMBERS * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (long k = 0; k < NUMBERS; k++) {
            double mantissa = (k * 2_654_435_761L & 0xFFFF_FFFFL) / 0x1p32 + 1;
            all.putDouble(rounding.applyAsDouble(Math.scalb(mantissa, (int) (k % 56) - 40)));
        }
        return all;
    }

    private static String sha(ByteBuffer bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    }
}

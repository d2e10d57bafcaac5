package dev.jumbo.serve.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.fuzz.Fuzzed;
import dev.jumbo.serve.fuzz.AnyBytes;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Numbers in JSON mean what Java takes their digits for. */
class JsonNumberFuzzTest {
    /** RFC 8259, 6. */
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private static final int LONGEST = 90;
    private static final BigInteger EXACT = BigInteger.ONE.shiftLeft(53);
    private static final String LETTERS = "0123456789+-.eE";

    /** Each byte chooses a letter of a number, unless it is one. */
    @Fuzzed
    void numbers(byte[] data) {
        StringBuilder letters = new StringBuilder();
        for (int i = 0; i < Math.min(data.length, LONGEST); i++) {
            char own = (char) data[i];
            letters.append(LETTERS.indexOf(own) >= 0 ? own : LETTERS.charAt((data[i] & 0xff) % LETTERS.length()));
        }
        String text = letters.toString();
        boolean number = NUMBER.matcher(text).matches();
        boolean whole = number && text.matches("-?[0-9]+");
        double value = number ? Double.parseDouble(text) : Double.NaN;
        boolean exact = !whole || new BigInteger(text).abs().compareTo(EXACT) <= 0;
        requireReal(data, text, "FP64", number && exact && Double.isFinite(value), value);
        requireReal(data, text, "FP32", number && exact && Float.isFinite((float) value), (float) value);
        InferRequest read = read(data, text, "INT64");
        BigInteger integer = whole ? new BigInteger(text) : BigInteger.ZERO;
        boolean fits = whole
                ? integer.bitLength() < Long.SIZE
                : number && value == Math.rint(value) && value >= -0x1p63 && value < 0x1p63;
        assertThat(read != null).as("INT64 of %s", text).isEqualTo(fits);
        if (read != null) {
            long expected = whole ? integer.longValueExact() : new BigDecimal(value).longValueExact();
            assertThat(read.inputs().get(0).elements().whole(0)).as(text).isEqualTo(expected);
        }
    }

    private static void requireReal(byte[] data, String text, String type, boolean taken, double value) {
        InferRequest read = read(data, text, type);
        assertThat(read != null).as("%s of %s", type, text).isEqualTo(taken);
        if (read != null) {
            assertThat(Double.doubleToLongBits(read.inputs().get(0).elements().real(0)))
                    .as("%s of %s, %s", type, text, value)
                    .isEqualTo(Double.doubleToLongBits(value));
        }
    }

    private static @org.jspecify.annotations.Nullable InferRequest read(byte[] data, String text, String type) {
        byte[] body = ("{\"inputs\":[{\"name\":\"n\",\"shape\":[1],\"datatype\":\"" + type + "\",\"data\":[" + text
                        + "]}]}")
                .getBytes(StandardCharsets.UTF_8);
        return AnyBytes.read(data, () -> InferReader.read("m", "1", body, null));
    }
}

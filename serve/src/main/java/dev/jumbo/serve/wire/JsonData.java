package dev.jumbo.serve.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values of a JSON list, as they come: flat or nested, all numbers, all texts or all true and false. A {@code null} is a
 * missing value, which only columns of tables may have.
 */
public final class JsonData implements Elements {
    /** Whole numbers beyond this are not all doubles. */
    private static final long MAX_EXACT = 1L << 53;

    private static final int UNEVEN = -1;

    private double[] values = new double[64];
    /** The exact values of those whole numbers that are too long for a double. */
    private long @Nullable [] wholes;

    private final List<@Nullable String> texts = new ArrayList<>();
    private final BitSet missing = new BitSet();
    private final BitSet tooLong = new BitSet();
    private final BitSet unsigned = new BitSet();
    private @Nullable Form form;
    private int size;
    private int depth;

    /** How long the lists at each depth are, all of them alike; {@link #UNEVEN} where they differ. */
    private final List<@Nullable Integer> lengths = new ArrayList<>();

    private JsonData() {}

    /** Reads to the end of the list that the parser has just entered. */
    public static JsonData read(JsonParser parser) throws IOException {
        JsonData list = new JsonData();
        int[] counts = new int[InferJson.MAX_DEPTH + 1]; // what each list that is open has so far
        int open = 1;
        while (open > 0) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.END_ARRAY) {
                list.close(open, counts[open - 1]);
                open--;
                continue;
            }
            counts[open - 1]++;
            if (token == JsonToken.START_ARRAY) {
                counts[open++] = 0;
            } else {
                list.add(parser, token, open);
            }
        }
        return list;
    }

    private void close(int at, int length) {
        while (lengths.size() < at) {
            lengths.add(null);
        }
        Integer before = lengths.get(at - 1);
        lengths.set(at - 1, before == null || before == length ? length : UNEVEN);
    }

    private void add(JsonParser parser, JsonToken token, int at) throws IOException {
        if (depth != 0 && depth != at) {
            throw new InputException("expected all values of \"data\" in lists of the same depth");
        }
        depth = at;
        switch (token) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                require(Form.NUMBERS, parser);
                add(number(parser));
            }
            case VALUE_TRUE, VALUE_FALSE -> {
                require(Form.TRUTHS, parser);
                add(token == JsonToken.VALUE_TRUE ? 1 : 0);
            }
            case VALUE_STRING -> {
                require(Form.TEXTS, parser);
                texts.add(InferJson.text(parser));
                size++;
            }
            case VALUE_NULL -> {
                missing.set(size);
                if (form == Form.TEXTS) {
                    texts.add(null);
                    size++;
                } else {
                    add(Double.NaN);
                }
            }
            default -> throw new InputException("expected numbers or texts, received " + token.asString());
        }
    }

    private void require(Form received, JsonParser parser) throws IOException {
        if (form == null) {
            form = received;
            if (received == Form.TEXTS) {
                texts.addAll(Collections.nCopies(size, null)); // all missing so far
            }
        } else if (form != received) {
            throw new InputException("expected " + form.words() + " like those before, received " + shown(parser));
        }
    }

    private double number(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            double value = parser.getDoubleValue();
            if (Double.isInfinite(value)) {
                throw new InputException("expected numbers that a double holds, received " + shown(parser));
            }
            return value;
        }
        // The type first: the parser rounds a long number once it was asked for a double.
        boolean big = parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER;
        BigInteger exact = big ? parser.getBigIntegerValue() : BigInteger.ZERO;
        if (exact.signum() < 0 || exact.bitLength() > Long.SIZE) {
            throw new InputException("expected whole numbers from -2^63 to 2^64 - 1, received " + shown(parser));
        }
        long whole = big ? exact.longValue() : parser.getLongValue();
        if (whole == 0 && parser.getTextCharacters()[parser.getTextOffset()] == '-') {
            return -0.0; // as some programs write that number
        }
        double value = big ? SmallFloats.unsigned(whole) : whole;
        // Of the number itself: 2^53 + 1 is 2^53 once it is a double.
        if (big || whole > MAX_EXACT || whole < -MAX_EXACT) {
            wholes = wholes == null ? new long[values.length] : wholes;
            wholes = size < wholes.length ? wholes : Arrays.copyOf(wholes, Math.multiplyExact(size, 2));
            wholes[size] = whole;
            (big ? unsigned : tooLong).set(size);
        }
        return value;
    }

    private static String shown(JsonParser parser) throws IOException {
        String text = parser.getText();
        String shortened = text.length() <= 40 ? text : text.substring(0, 40) + "...";
        return parser.currentToken() == JsonToken.VALUE_STRING ? "\"" + shortened + "\"" : shortened;
    }

    private void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.multiplyExact(size, 2));
        }
        values[size++] = value;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Form form() {
        return form == null ? Form.NUMBERS : form;
    }

    @Override
    public boolean isMissing(int index) {
        return missing.get(index);
    }

    @Override
    public double real(int index) {
        return values[index];
    }

    @Override
    public long whole(int index) {
        return wholes != null && (tooLong.get(index) || unsigned.get(index)) ? wholes[index] : (long) values[index];
    }

    @Override
    public boolean isLong(int index) {
        return tooLong.get(index);
    }

    @Override
    public boolean isUnsigned(int index) {
        return unsigned.get(index);
    }

    /** Rounds the numbers to those of a type: an FP32 is the same one however it was sent. */
    void round(Datatype type) {
        if (type.isFloating() && form() == Form.NUMBERS) {
            for (int i = 0; i < size; i++) {
                values[i] = type.nearest(values[i]);
            }
        }
    }

    @Override
    public @Nullable String text(int index) {
        return texts.get(index);
    }

    /** How many lists are in the outermost one, all equally long; 0 where there are none, or they differ. */
    public int rows() {
        return lengths.size() < 2 || lengths.get(1) == UNEVEN ? 0 : lengths.get(0);
    }

    /** Whether the values stand in one flat list, or in lists nested as a shape says. */
    boolean isNestedAs(long[] shape) {
        boolean same = lengths.size() == shape.length;
        for (int axis = 0; same && axis < shape.length; axis++) {
            same = lengths.get(axis) == shape[axis];
        }
        return lengths.size() == 1 || same;
    }

    /** The lengths of the lists from the outermost to the innermost, as in {@code [2, 3]}. */
    String nesting() {
        return lengths.stream()
                .map(length -> length == UNEVEN ? "different" : length.toString())
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** How deep the values are: 1 for a flat list. */
    public int depth() {
        return depth;
    }
}

package dev.jumbo.serve;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.jumbo.error.InputException;
import java.io.IOException;
import java.util.Arrays;

/** Numbers of a JSON list, as they come: flat or nested, true and false as 1 and 0. */
final class NumberList implements Elements {
    /** Whole numbers beyond this are not all doubles. */
    private static final double MAX_EXACT = 1L << 53;

    private double[] values = new double[64];
    private int size;

    private NumberList() {}

    /** Reads to the end of the list that the parser has just entered. */
    static NumberList read(JsonParser parser) throws IOException {
        NumberList list = new NumberList();
        int depth = 1;
        int leaves = 0; // the depth at which the numbers are
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            switch (token) {
                case START_ARRAY -> depth++;
                case END_ARRAY -> depth--;
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE -> {
                    if (leaves != 0 && leaves != depth) {
                        throw new InputException("expected all numbers of \"data\" in lists of the same depth");
                    }
                    leaves = depth;
                    list.add(token.isNumeric() ? number(parser) : token == JsonToken.VALUE_TRUE ? 1 : 0);
                }
                default ->
                    throw new InputException("expected numbers, received "
                            + (token.isScalarValue() ? "\"" + shortened(parser.getText()) + "\"" : token.asString()));
            }
        }
        return list;
    }

    private static double number(JsonParser parser) throws IOException {
        double value = parser.getDoubleValue();
        if (Double.isInfinite(value)) {
            throw new InputException("expected numbers that a double holds, received " + shortened(parser.getText()));
        }
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && Math.abs(value) > MAX_EXACT) {
            throw new InputException("expected whole numbers up to 2^53 in JSON, received "
                    + shortened(parser.getText()) + "; send larger ones as binary data");
        }
        return value;
    }

    private static String shortened(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
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
    public double real(int index) {
        return values[index];
    }

    @Override
    public long whole(int index) {
        double value = values[index];
        if (value != Math.rint(value)) {
            throw new InputException("expected whole numbers, received " + value);
        }
        return (long) value;
    }

    double[] toDoubles() {
        return Arrays.copyOf(values, size);
    }
}

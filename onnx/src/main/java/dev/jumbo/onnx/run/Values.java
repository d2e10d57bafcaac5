package dev.jumbo.onnx.run;

import ai.onnxruntime.OnnxJavaType;
import dev.jumbo.data.Column;
import dev.jumbo.error.InputException;
import dev.jumbo.train.infer.SizedRow;
import java.lang.reflect.Array;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;

/** Values of requests as a model takes them. */
final class Values {
    private Values() {}

    /** The values of an input, whatever holds them, as one array. */
    static Object flat(Object given) {
        if (given instanceof FloatBuffer buffer) {
            float[] copy = new float[buffer.remaining()];
            buffer.duplicate().get(copy);
            return copy;
        }
        if (given instanceof LongBuffer buffer) {
            long[] copy = new long[buffer.remaining()];
            buffer.duplicate().get(copy);
            return copy;
        }
        return given;
    }

    /** The values of one row, which is an array of its own, or lies among all. */
    static Object row(Object given, int row, int rows) {
        if (given instanceof float[][] each) {
            return each[row];
        }
        if (given instanceof long[][] each) {
            return each[row];
        }
        if (given instanceof SizedRow[] each) {
            return each[row];
        }
        Object all = flat(given);
        int length = Array.getLength(all) / rows;
        Object part = Array.newInstance(all.getClass().getComponentType(), length);
        System.arraycopy(all, row * length, part, 0, length);
        return part;
    }

    static int length(Object given) {
        return given instanceof FloatBuffer buffer
                ? buffer.remaining()
                : given instanceof LongBuffer longs ? longs.remaining() : Array.getLength(given);
    }

    /** @param values float[], long[] or texts */
    static Object as(OnnxJavaType type, Object values, String input) {
        if (values instanceof String[]) {
            return values;
        }
        int length = Array.getLength(values);
        return switch (type) {
            case FLOAT, FLOAT16 -> {
                float[] made = new float[length];
                for (int i = 0; i < length; i++) {
                    made[i] = ((Number) Array.get(values, i)).floatValue();
                }
                yield made;
            }
            case DOUBLE -> {
                double[] made = new double[length];
                for (int i = 0; i < length; i++) {
                    made[i] = ((Number) Array.get(values, i)).doubleValue();
                }
                yield made;
            }
            case INT64 -> {
                long[] made = new long[length];
                for (int i = 0; i < length; i++) {
                    made[i] = whole(values, i, Long.MIN_VALUE, Long.MAX_VALUE, input);
                }
                yield made;
            }
            case INT32 -> {
                int[] made = new int[length];
                for (int i = 0; i < length; i++) {
                    made[i] = (int) whole(values, i, Integer.MIN_VALUE, Integer.MAX_VALUE, input);
                }
                yield made;
            }
            case UINT8, INT8 -> {
                byte[] made = new byte[length];
                boolean signed = type == OnnxJavaType.INT8;
                for (int i = 0; i < length; i++) {
                    made[i] = (byte) whole(values, i, signed ? -128 : 0, signed ? 127 : 255, input);
                }
                yield made;
            }
            case BOOL -> {
                boolean[] made = new boolean[length];
                for (int i = 0; i < length; i++) {
                    made[i] = whole(values, i, 0, 1, input) == 1;
                }
                yield made;
            }
            default -> throw new InputException(input + ": values of the type " + type + " are not taken");
        };
    }

    private static long whole(Object values, int at, long least, long most, String input) {
        Number number = (Number) Array.get(values, at);
        long whole = number.longValue();
        if ((number instanceof Float real && real != Math.rint(real)) || whole < least || whole > most) {
            throw new InputException("the input " + input + ": expected whole numbers from " + least + " to " + most
                    + ", received " + number + " at " + at);
        }
        return whole;
    }

    /** A raw column as {@link OnnxPredictor#predict} takes inputs. */
    static Object of(Column column) {
        if (column instanceof Column.Bytes texts) {
            String[] made = new String[texts.rows()];
            Arrays.setAll(made, texts::text);
            return made;
        }
        if (column instanceof Column.Ragged ragged) {
            boolean ids = ragged.longs().length > 0;
            int unit = ragged.field().unit();
            Object[] rows = ids ? new long[ragged.rows()][] : new float[ragged.rows()][];
            for (int i = 0; i < rows.length; i++) {
                Object row = ids ? new long[ragged.length(i) * unit] : new float[ragged.length(i) * unit];
                ragged.read(i, row, 0);
                rows[i] = row;
            }
            return rows;
        }
        return column.values();
    }
}

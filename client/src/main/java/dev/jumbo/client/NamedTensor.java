package dev.jumbo.client;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A named tensor of a request or an answer: its values are {@code float[]} (FP32), {@code long[]} (INT64), {@code byte[]} (UINT8) or a list of
 * {@code byte[]} (BYTES), row-major.
 */
public final class NamedTensor {
    private final String name;
    private final String datatype;
    private final long[] shape;
    private final Object values;

    private NamedTensor(String name, String datatype, long[] shape, Object values, int size) {
        if (elements(shape) != size) {
            throw new IllegalArgumentException("\"" + name + "\": expected as many values as the shape "
                    + Arrays.toString(shape) + " has, received " + size);
        }
        this.name = name;
        this.datatype = datatype;
        this.shape = shape.clone();
        this.values = values;
    }

    /** How many values a shape has; -1 if none has as many. */
    private static long elements(long[] shape) {
        long elements = 1;
        for (long each : shape) {
            if (each < 0 || elements != 0 && each > Integer.MAX_VALUE / elements) {
                return -1;
            }
            elements *= each;
        }
        return elements;
    }

    /** Numbers, FP32. @throws IllegalArgumentException if they are not as many as the shape says */
    public static NamedTensor floats(String name, float[] values, long... shape) {
        return new NamedTensor(name, "FP32", shape, values, values.length);
    }

    /** Whole numbers, INT64: ids, positions. */
    public static NamedTensor longs(String name, long[] values, long... shape) {
        return new NamedTensor(name, "INT64", shape, values, values.length);
    }

    /** Bytes as numbers from 0 to 255, UINT8: pixels. */
    public static NamedTensor bytes(String name, byte[] values, long... shape) {
        return new NamedTensor(name, "UINT8", shape, values, values.length);
    }

    /** Texts, BYTES. */
    public static NamedTensor texts(String name, List<String> values, long... shape) {
        return contents(
                name,
                values.stream()
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                shape);
    }

    /** What files hold, BYTES. */
    public static NamedTensor contents(String name, List<byte[]> values, long... shape) {
        return new NamedTensor(name, "BYTES", shape, List.copyOf(values), values.size());
    }

    public String name() {
        return name;
    }

    /** The word of the protocol, as in {@code FP32}. */
    public String datatype() {
        return datatype;
    }

    public long[] shape() {
        return shape.clone();
    }

    /** The values of FP32. @throws IllegalStateException if it is another datatype */
    public float[] floats() {
        return as(float[].class).clone();
    }

    /** The values of INT64. @throws IllegalStateException if it is another datatype */
    public long[] longs() {
        return as(long[].class).clone();
    }

    /** The values of BYTES as texts. @throws IllegalStateException if it is another datatype */
    public List<String> texts() {
        return as(List.class).stream()
                .map(each -> new String((byte[]) each, StandardCharsets.UTF_8))
                .toList();
    }

    private <T> T as(Class<T> type) {
        if (!type.isInstance(values)) {
            throw new IllegalStateException("\"" + name + "\" is " + datatype + ": ask for values of that type");
        }
        return type.cast(values);
    }

    /** Little-endian; before each of BYTES its length in four bytes. */
    byte[] encoded() {
        if (values instanceof byte[] bytes) {
            return bytes;
        }
        if (values instanceof float[] floats) {
            ByteBuffer buffer = little(Math.multiplyExact(floats.length, Float.BYTES));
            buffer.asFloatBuffer().put(floats);
            return buffer.array();
        }
        if (values instanceof long[] longs) {
            ByteBuffer buffer = little(Math.multiplyExact(longs.length, Long.BYTES));
            buffer.asLongBuffer().put(longs);
            return buffer.array();
        }
        List<byte[]> each = contents();
        int size = 0;
        for (byte[] one : each) {
            size = Math.addExact(size, Math.addExact(one.length, Integer.BYTES));
        }
        ByteBuffer buffer = little(size);
        each.forEach(one -> buffer.putInt(one.length).put(one));
        return buffer.array();
    }

    /** The values of BYTES as they are. @throws IllegalStateException if it is another datatype */
    public List<byte[]> contents() {
        List<byte[]> all = new ArrayList<>();
        for (Object each : as(List.class)) {
            all.add((byte[]) each);
        }
        return all;
    }

    /** The other way. @throws IllegalArgumentException if the bytes are not what the server says they are */
    static NamedTensor decoded(String name, String datatype, long[] shape, byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        switch (datatype) {
            case "FP32" -> {
                requireWhole(name, bytes, Float.BYTES);
                float[] floats = new float[bytes.length / Float.BYTES];
                buffer.asFloatBuffer().get(floats);
                return floats(name, floats, shape);
            }
            case "INT64" -> {
                requireWhole(name, bytes, Long.BYTES);
                long[] longs = new long[bytes.length / Long.BYTES];
                buffer.asLongBuffer().get(longs);
                return longs(name, longs, shape);
            }
            case "UINT8" -> {
                return bytes(name, bytes, shape);
            }
            case "BYTES" -> {
                List<byte[]> all = new ArrayList<>();
                while (buffer.hasRemaining()) {
                    int length = buffer.remaining() < Integer.BYTES ? -1 : buffer.getInt();
                    if (length < 0 || length > buffer.remaining()) {
                        throw new IllegalArgumentException(
                                "\"" + name + "\": a text is longer than the bytes there are");
                    }
                    byte[] one = new byte[length];
                    buffer.get(one);
                    all.add(one);
                }
                return contents(name, all, shape);
            }
            default -> throw unread(datatype);
        }
    }

    private static void requireWhole(String name, byte[] bytes, int each) {
        if (bytes.length % each != 0) {
            throw new IllegalArgumentException(
                    "\"" + name + "\": expected a multiple of " + each + " bytes, received " + bytes.length);
        }
    }

    static ServerException unread(String datatype) {
        return new ServerException(0, "the answer has " + datatype + ", which this client does not read");
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public String toString() {
        return name + " " + datatype + " " + Arrays.toString(shape);
    }
}

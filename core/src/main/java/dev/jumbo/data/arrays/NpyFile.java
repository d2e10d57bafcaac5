package dev.jumbo.data.arrays;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One array as numpy saves it: format versions 1 to 3 (NEP 1), any byte order, rows first (C order) or columns first (Fortran order); no
 * objects, which are Python's pickle.
 */
final class NpyFile {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int MOST_HEADER = 1 << 20;
    private static final int CHUNK = 1 << 16;
    /** Blanks are possessive: two runs of them beside each other would try each division of a megabyte. */
    private static final Pattern HEADER = Pattern.compile(
            "\\s*+\\{\\s*+'descr'\\s*+:\\s*+'([^']*)'\\s*+,\\s*+'fortran_order'\\s*+:\\s*+(True|False)\\s*+,"
                    + "\\s*+'shape'\\s*+:\\s*+\\(([0-9,\\sL]*+)\\)\\s*+,?\\s*+\\}\\s*+");

    private NpyFile() {}

    /** @param name what messages call it @throws InputException if it is none, is cut off, or holds what is no number */
    static NamedArray read(InputStream stream, String name) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        try {
            byte[] magic = new byte[MAGIC.length];
            in.readFully(magic);
            if (!Arrays.equals(magic, MAGIC)) {
                throw new InputException(name + ": expected an array that numpy saved, received something else");
            }
            int version = in.readUnsignedByte();
            in.readUnsignedByte();
            long length = version == 1
                    ? Short.toUnsignedLong(Short.reverseBytes(in.readShort()))
                    : Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
            if (version < 1 || version > 3 || length > MOST_HEADER) {
                throw new InputException(name + ": expected numpy's format 1 to 3 with a header of up to " + MOST_HEADER
                        + " bytes, received " + version + " with " + length);
            }
            byte[] header = new byte[(int) length];
            in.readFully(header);
            return values(in, name, new String(header, StandardCharsets.UTF_8));
        } catch (EOFException e) {
            throw new InputException(name + ": expected a whole array, received one that ends too early", e);
        }
    }

    private static NamedArray values(DataInputStream in, String name, String header) throws IOException {
        Matcher parsed = HEADER.matcher(header);
        if (!parsed.matches()) {
            throw new InputException(name + ": expected an array of numbers, received " + header.strip()
                    + "; save one field as numbers");
        }
        String type = parsed.group(1);
        long[] sizes = Arrays.stream(parsed.group(3).replace("L", "").split(","))
                .map(String::strip)
                .filter(size -> !size.isEmpty())
                .mapToLong(size -> size(name, size))
                .toArray();
        Shape shape = shape(name, sizes);
        if (shape.elements() > Integer.MAX_VALUE - 8) {
            throw new InputException(name + ": expected fewer than 2^31 values, received " + shape
                    + "; divide the examples over several files");
        }
        NamedArray array = read(in, name, type, shape);
        return parsed.group(2).equals("True") ? array.rowsFirst() : array;
    }

    private static Shape shape(String name, long[] sizes) {
        try {
            return Shape.of(sizes);
        } catch (InputException e) {
            throw new InputException(name + ": " + e.getMessage(), e);
        }
    }

    private static long size(String name, String size) {
        try {
            return Long.parseLong(size);
        } catch (NumberFormatException e) {
            throw new InputException(name + ": expected sizes below 2^63, received " + size, e);
        }
    }

    private static NamedArray read(DataInputStream in, String name, String type, Shape shape) throws IOException {
        ByteOrder order = type.startsWith(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        String kind = type.isEmpty() ? "" : type.substring(1);
        Filled filled = switch (kind) {
            case "f8" -> new Filled(DType.FLOAT64, Double.BYTES);
            case "f4" -> new Filled(DType.FLOAT32, Float.BYTES);
            case "f2" -> new Filled(DType.FLOAT32, Short.BYTES);
            case "i8", "u8" -> new Filled(DType.INT64, Long.BYTES);
            case "i4", "u4" -> new Filled(DType.INT64, Integer.BYTES);
            case "i2", "u2" -> new Filled(DType.INT64, Short.BYTES);
            case "i1", "u1", "b1" -> new Filled(DType.FLOAT32, 1);
            default ->
                throw new InputException(
                        name + ": expected numbers (f2, f4, f8, i1 to i8, u1 to u8 or b1), received " + type);
        };
        int count = (int) shape.elements();
        // Only what is there is allocated for: a size that the file claims and does not hold ends with its last byte.
        int width = filled.width();
        byte[] chunk = new byte[Math.min(CHUNK, count) * width];
        Growing values = new Growing(filled.dtype(), Math.min(count, CHUNK));
        for (int done = 0; done < count; ) {
            int now = Math.min(CHUNK, count - done);
            in.readFully(chunk, 0, now * width);
            values.room(done + now, count, name);
            ByteBuffer bytes = ByteBuffer.wrap(chunk).order(order);
            for (int i = 0; i < now; i++) {
                values.set(done + i, bytes, i * width, kind, name);
            }
            done += now;
        }
        return new NamedArray(shape, filled.dtype(), values.exactly(count), typeName(kind));
    }

    /** As numpy calls it: float32 for f4. */
    private static String typeName(String kind) {
        int bits = Byte.SIZE * (kind.charAt(1) - '0');
        return switch (kind.charAt(0)) {
            case 'f' -> "float" + bits;
            case 'i' -> "int" + bits;
            case 'u' -> "uint" + bits;
            default -> "bool";
        };
    }

    private record Filled(DType dtype, int width) {}

    /** An array that grows to what was read. */
    private static final class Growing {
        private float[] floats = {};
        private double[] doubles = {};
        private long[] longs = {};
        private final DType dtype;

        Growing(DType dtype, int capacity) {
            this.dtype = dtype;
            room(capacity, capacity, "");
        }

        void room(int needed, int most, String name) {
            int capacity = (int) Math.min(most, Math.max(needed, length() * 2L));
            if (needed <= length()) {
                return;
            }
            // A zip packs a thousand zeros in a byte.
            long taken = ((long) length() + capacity) * dtype.bytes();
            if (taken > Runtime.getRuntime().maxMemory()) {
                throw new InputException(name + ": expected an array that fits into the memory of Java, "
                        + Runtime.getRuntime().maxMemory() + " bytes, received " + most + " values; give Java more with"
                        + " -Xmx, or divide the examples over several files");
            }
            switch (dtype) {
                case FLOAT32 -> floats = Arrays.copyOf(floats, capacity);
                case FLOAT64 -> doubles = Arrays.copyOf(doubles, capacity);
                default -> longs = Arrays.copyOf(longs, capacity);
            }
        }

        private int length() {
            return floats.length + doubles.length + longs.length;
        }

        void set(int at, ByteBuffer bytes, int offset, String kind, String name) {
            switch (kind) {
                case "f8" -> doubles[at] = bytes.getDouble(offset);
                case "f4" -> floats[at] = bytes.getFloat(offset);
                case "f2" -> floats[at] = Half.toFloat(bytes.getShort(offset));
                case "i8" -> longs[at] = bytes.getLong(offset);
                case "u8" -> longs[at] = unsigned(bytes.getLong(offset), name);
                case "i4" -> longs[at] = bytes.getInt(offset);
                case "u4" -> longs[at] = Integer.toUnsignedLong(bytes.getInt(offset));
                case "i2" -> longs[at] = bytes.getShort(offset);
                case "u2" -> longs[at] = Short.toUnsignedLong(bytes.getShort(offset));
                case "i1" -> floats[at] = bytes.get(offset);
                default -> floats[at] = Byte.toUnsignedInt(bytes.get(offset));
            }
        }

        private static long unsigned(long value, String name) {
            if (value < 0) {
                throw new InputException(
                        name + ": expected whole numbers below 2^63, received " + Long.toUnsignedString(value));
            }
            return value;
        }

        Object exactly(int count) {
            return switch (dtype) {
                case FLOAT32 -> floats.length == count ? floats : Arrays.copyOf(floats, count);
                case FLOAT64 -> doubles.length == count ? doubles : Arrays.copyOf(doubles, count);
                default -> longs.length == count ? longs : Arrays.copyOf(longs, count);
            };
        }
    }
}

package dev.jumbo.data.shards;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A block of 512 bytes before each member of a tar: POSIX.1-1988 (ustar), as POSIX.1-2001 (pax) and GNU tar extend it.
 * Jumbo reads and writes the format itself, since what it needs of it is where members lie, which libraries hide behind
 * streams.
 *
 * @param name path of the member
 * @param type {@code 0} for a file, {@code x} for a pax header, {@code L} for a long name of GNU tar
 * @param size bytes of content behind the block
 */
record TarHeader(String name, char type, long size) {
    static final int BLOCK = 512;
    static final char FILE = '0';
    static final char PAX = 'x';
    static final char GNU_NAME = 'L';
    static final char SPARSE = 'S';

    private static final int NAME_LENGTH = 100;
    private static final int MODE = 100;
    private static final int SIZE = 124;
    private static final int SIZE_LENGTH = 12;
    private static final int TIME = 136;
    private static final int CHECKSUM = 148;
    private static final int CHECKSUM_LENGTH = 8;
    private static final int TYPE = 156;
    private static final int MAGIC = 257;
    private static final int PREFIX = 345;
    private static final int PREFIX_LENGTH = 155;
    private static final byte[] USTAR = {'u', 's', 't', 'a', 'r', 0};

    /** Bytes that content takes: whole blocks. */
    static long padded(long size) {
        return (size + BLOCK - 1) / BLOCK * BLOCK;
    }

    /** Reads a block, or nothing where it is the empty one that ends a tar. @throws IllegalArgumentException saying what is wrong */
    static @Nullable TarHeader read(ByteBuffer tar, int at) {
        byte[] block = new byte[BLOCK];
        tar.get(at, block);
        if (Arrays.equals(block, new byte[BLOCK])) {
            return null;
        }
        long expected = octal(block, CHECKSUM, CHECKSUM_LENGTH);
        if (expected != checksum(block)) {
            throw new IllegalArgumentException("a header with a wrong checksum");
        }
        String name = text(block, 0, NAME_LENGTH);
        boolean posix = Arrays.equals(block, MAGIC, MAGIC + USTAR.length, USTAR, 0, USTAR.length);
        if (posix && block[PREFIX] != 0) {
            name = text(block, PREFIX, PREFIX_LENGTH) + "/" + name;
        }
        char type = block[TYPE] == 0 || block[TYPE] == '7' ? FILE : (char) block[TYPE];
        return new TarHeader(name, type, number(block));
    }

    /** The block of a file or of a pax header, the same bytes for the same member. @param name ASCII, up to 100 bytes, or 256 with a slash at the right place */
    byte[] block() {
        byte[] block = new byte[BLOCK];
        byte[] path = name.getBytes(StandardCharsets.UTF_8);
        int split = split(path);
        System.arraycopy(path, split, block, 0, Math.min(NAME_LENGTH, path.length - split));
        System.arraycopy(path, 0, block, PREFIX, Math.max(0, split - 1));
        ascii("0000644\0" + "0000000\0".repeat(2), block, MODE);
        ascii(String.format("%011o\0", size), block, SIZE);
        ascii("00000000000\0", block, TIME);
        block[TYPE] = (byte) type;
        System.arraycopy(USTAR, 0, block, MAGIC, USTAR.length);
        ascii("00", block, MAGIC + USTAR.length);
        ascii(String.format("%06o\0 ", checksum(block)), block, CHECKSUM);
        return block;
    }

    /** Whether a path can be told in one block; others need a pax header before it. */
    static boolean fits(String path) {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        return bytes.length == path.length() && bytes.length - split(bytes) <= NAME_LENGTH;
    }

    /** Where the name begins behind the prefix: 0 where there is none. */
    private static int split(byte[] path) {
        if (path.length <= NAME_LENGTH) {
            return 0;
        }
        for (int i = Math.min(PREFIX_LENGTH, path.length - 2); i > 0; i--) {
            if (path[i] == '/') {
                return path.length - i - 1 <= NAME_LENGTH ? i + 1 : 0;
            }
        }
        return 0;
    }

    private static void ascii(String text, byte[] block, int at) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }

    /** The sum of all bytes, those of the checksum counted as blanks. */
    private static long checksum(byte[] block) {
        long sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= CHECKSUM && i < CHECKSUM + CHECKSUM_LENGTH ? ' ' : block[i] & 0xFF;
        }
        return sum;
    }

    /** The size: octal digits, or behind a byte of 0x80 binary, as GNU tar writes large ones. */
    private static long number(byte[] block) {
        if ((block[SIZE] & 0x80) == 0) {
            return octal(block, SIZE, SIZE_LENGTH);
        }
        return ByteBuffer.wrap(block).getLong(SIZE + SIZE_LENGTH - Long.BYTES);
    }

    private static long octal(byte[] block, int from, int length) {
        String digits = text(block, from, length).strip();
        if (!digits.matches("[0-7]{0,20}")) {
            throw new IllegalArgumentException("a header with the number \"" + digits + "\"");
        }
        return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    }

    /** Up to the first zero byte. */
    private static String text(byte[] block, int from, int length) {
        int end = from;
        while (end < from + length && block[end] != 0) {
            end++;
        }
        return new String(block, from, end - from, StandardCharsets.UTF_8);
    }
}

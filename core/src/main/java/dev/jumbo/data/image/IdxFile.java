package dev.jumbo.data.image;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Shown;
import dev.jumbo.tensor.Shape;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The content of an IDX file, the format of MNIST: an array of unsigned bytes.
 *
 * <p>The file: two zero bytes, the element type (8 = unsigned byte), the rank, a big-endian 32-bit size for each
 * dimension, the values in row-major order, nothing else. It may be compressed with gzip, which is seen from the
 * content, not the name. Source: Y. LeCun, C. Cortes, <i>The MNIST database of handwritten digits</i>.
 *
 * @param shape sizes of the dimensions, such as {@code [60000, 28, 28]}
 * @param values unsigned bytes in row-major order; the array itself, not a copy
 */
@SuppressWarnings("ArrayRecordComponent") // 47 MB of pixels: handed over, not copied.
public record IdxFile(Shape shape, byte[] values) {
    /** The most bytes of values that are read from one file: 1 GiB. */
    public static final long LIMIT = 1L << 30;

    private static final int UNSIGNED_BYTE = 8;
    private static final int GZIP_MAGIC = 0x1F8B;
    /** No deflate stream expands by more (RFC 1951: at best 258 bytes for two bits). */
    private static final long DEFLATE_RATIO = 1032;

    /**
     * Reads a file.
     *
     * @param rank the number of dimensions that the file must have: 3 for grey images, 1 for labels
     * @throws InputException if there is no such file, or if its magic number, element type, rank, sizes or length are
     *     not what they must be
     * @throws FailureException if the disk cannot be read
     */
    public static IdxFile read(Path file, int rank) {
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            long stored = Files.size(file);
            raw.mark(2);
            int first = raw.read();
            boolean gzip = (first << 8 | raw.read()) == GZIP_MAGIC;
            raw.reset();
            if (gzip) {
                return read(new GZIPInputStream(raw, 1 << 16), file, rank, Math.multiplyExact(stored, DEFLATE_RATIO));
            }
            return read(raw, file, rank, stored);
        } catch (NoSuchFileException e) {
            throw new InputException("expected an IDX file at " + file + ", found no file; check the path", e);
        } catch (EOFException e) {
            throw new InputException(
                    file + " is cut short: it ends before the values its header announces; copy it again", e);
        } catch (ZipException e) {
            throw new InputException(file + " is a damaged gzip file (" + e.getMessage() + "); copy it again", e);
        } catch (IOException e) {
            throw new FailureException("cannot read " + file + ": " + e, e);
        }
    }

    /** @param most bytes that the stream can hold at best, header included */
    private static IdxFile read(InputStream in, Path file, int rank, long most) throws IOException {
        int magic = int32(in);
        int type = magic >>> 8;
        if (magic >>> 16 != 0) {
            throw new InputException(String.format(
                    "%s is not an IDX file: expected it to begin with two zero bytes, received the magic number 0x%08x",
                    file, magic));
        }
        if (type != UNSIGNED_BYTE) {
            throw new InputException(String.format(
                    "%s: expected unsigned bytes (IDX element type 0x08), received the element type 0x%02x; "
                            + "convert the file to unsigned bytes",
                    file, type));
        }
        if ((magic & 0xFF) != rank) {
            throw new InputException(file + ": expected an IDX file of rank " + rank + ", received rank "
                    + (magic & 0xFF) + (rank == 3 ? "; are these the labels?" : "; are these the images?"));
        }
        long[] sizes = new long[rank];
        long count = 1;
        for (int i = 0; i < rank; i++) {
            sizes[i] = int32(in) & 0xFFFFFFFFL;
            count = sizes[i] != 0 && count > LIMIT / sizes[i] ? LIMIT + 1 : count * sizes[i];
        }
        if (count > Runtime.getRuntime().maxMemory()) {
            throw new InputException(file + ": expected values that fit into the memory of Java, "
                    + Runtime.getRuntime().maxMemory() + " bytes, received a header of " + Arrays.toString(sizes)
                    + "; give Java more with -Xmx, or split the file");
        }
        long announced = count + 4L + 4L * rank;
        if (count > LIMIT) {
            throw new InputException(file + ": expected at most " + LIMIT
                    + " values in an IDX file, received a header of " + Arrays.toString(sizes) + "; split the file");
        }
        if (announced > most) {
            throw new InputException(file + " is cut short: its header " + Arrays.toString(sizes) + " announces "
                    + announced + " bytes, but the file can hold at most " + most + "; copy it again");
        }
        byte[] values = new byte[(int) count];
        int received = in.readNBytes(values, 0, values.length);
        if (received < values.length) {
            throw new InputException(file + " is cut short: expected " + values.length + " values, received " + received
                    + "; copy it again");
        }
        if (in.read() >= 0) {
            throw new InputException(file + ": expected the file to end after the " + values.length
                    + " values of its header " + Arrays.toString(sizes) + ", received more bytes");
        }
        return new IdxFile(Shape.of(sizes), values);
    }

    private static int int32(InputStream in) throws IOException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException();
            }
            value = value << 8 | b;
        }
        return value;
    }

    @Override
    public String toString() {
        return "IdxFile[shape=" + shape + ", values=" + Shown.of(values) + "]";
    }
}

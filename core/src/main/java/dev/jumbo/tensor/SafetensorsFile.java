package dev.jumbo.tensor;

import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.error.Nearest;
import dev.jumbo.error.Shown;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A safetensors file whose header was read, of any size. Made by {@link Safetensors#open}; safe for several threads. Values are read into
 * the memory of their tensors when they are asked for: a mapping would count as resident memory beside them. A file that is another one by
 * then is an error.
 */
public final class SafetensorsFile {
    private final Path file;
    private final SafetensorsHeader header;
    /** Where the tensors begin. */
    private final long start;

    private final Seen seen;

    /** Which file it was when its header was read. */
    private record Seen(
            long size, FileTime modified, @Nullable Object key) {
        static Seen of(Path file) throws IOException {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return new Seen(now.size(), now.lastModifiedTime(), now.fileKey());
        }
    }

    /**
     * Where a tensor lies.
     *
     * @param begin first byte, counted from the end of the header
     * @param end the byte after the last one
     */
    public record Entry(DType dtype, Shape shape, long begin, long end) {}

    private SafetensorsFile(Path file, SafetensorsHeader header, long start, Seen seen) {
        this.file = file;
        this.header = header;
        this.start = start;
        this.seen = seen;
    }

    static SafetensorsFile open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InputException("expected a safetensors file at " + file + ", found none");
        }
        Seen seen = seen(
                file); // Before it is opened: one that is put in its place meanwhile is noticed when values are read.
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            long headerBytes = headerBytes(channel, size);
            long start = Safetensors.PREFIX_BYTES + headerBytes;
            ByteBuffer json = ByteBuffer.allocate((int) headerBytes);
            readFully(channel, json, Safetensors.PREFIX_BYTES);
            SafetensorsHeader header = SafetensorsHeader.parse(json.flip(), size - start);
            return new SafetensorsFile(file, header, start, seen);
        } catch (InputException e) {
            throw new InputException(file + " is not a sound safetensors file: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new FailureException("can't read " + file + ": " + e, e);
        }
    }

    private static Seen seen(Path file) {
        try {
            return Seen.of(file);
        } catch (IOException e) {
            throw new FailureException("can't read " + file + ": " + e, e);
        }
    }

    private static long headerBytes(FileChannel channel, long size) throws IOException {
        ByteBuffer prefix = ByteBuffer.allocate(Safetensors.PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (prefix.hasRemaining() && channel.read(prefix) >= 0) {
            // Reads until 8 bytes are there or the file ends.
        }
        if (prefix.hasRemaining()) {
            throw new InputException("expected at least " + Safetensors.PREFIX_BYTES + " bytes, received " + size);
        }
        long length = prefix.getLong(0);
        long most = Math.min(Safetensors.MAX_HEADER_BYTES, size - Safetensors.PREFIX_BYTES);
        if (length < 2 || length > most) { // a length of 2^63 or more is negative here
            throw new InputException("expected a header of 2 to " + most + " bytes (at most "
                    + Safetensors.MAX_HEADER_BYTES + " and no more than the file holds), received "
                    + Long.toUnsignedString(length));
        }
        return length;
    }

    /** Names of the tensors that can be read, in the order in which they lie in the file. */
    public Set<String> names() {
        return Collections.unmodifiableSet(header.entries().keySet());
    }

    /** Type and shape of the tensors that cannot be read here, by name: such as {@code U16 [3]}, {@code F8_E4M3 [2, 2]}. */
    public Map<String, String> unreadable() {
        Map<String, String> shown = new LinkedHashMap<>();
        header.others().forEach((name, other) -> shown.put(name, other.shown()));
        return Collections.unmodifiableMap(shown);
    }

    /**
     * Whole numbers without a sign of 16 bits or more, which no tensor here has.
     *
     * @param type {@code U16}, {@code U32} or {@code U64}
     * @param values row-major
     */
    @SuppressWarnings("ArrayRecordComponent") // On its way to a column.
    public record Unsigned(String type, Shape shape, long[] values) {
        @Override
        public String toString() {
            return type + " " + shape + " " + Shown.of(values);
        }
    }

    /**
     * One of {@link #unreadable} of type U16, U32 or U64; null of another type.
     *
     * @throws InputException if there is no such tensor, or it has 2^31 values or more, or one of 2^63 or more
     */
    public @Nullable Unsigned unsigned(String name) {
        SafetensorsHeader.Other other = header.others().get(name);
        int width = other == null
                ? 0
                : switch (other.type()) {
                    case "U16" -> Short.BYTES;
                    case "U32" -> Integer.BYTES;
                    case "U64" -> Long.BYTES;
                    default -> 0;
                };
        if (other == null || width == 0) {
            return null;
        }
        long count = other.shape().elements();
        if (count > Integer.MAX_VALUE - 8) {
            throw new InputException(
                    file + " " + name + ": expected fewer than 2^31 values, received " + other.shape());
        }
        long[] values = new long[(int) count];
        int most = Math.min(values.length, 1 << 16);
        ByteBuffer bytes = ByteBuffer.allocate(most * width).order(ByteOrder.LITTLE_ENDIAN);
        try (FileChannel channel = opened()) {
            for (int done = 0; done < values.length; done += most) {
                int now = Math.min(most, values.length - done);
                readFully(channel, bytes.clear().limit(now * width), start + other.begin() + (long) done * width);
                for (int i = 0; i < now; i++) {
                    values[done + i] = switch (width) {
                        case Short.BYTES -> Short.toUnsignedLong(bytes.getShort(i * width));
                        case Integer.BYTES -> Integer.toUnsignedLong(bytes.getInt(i * width));
                        default -> bytes.getLong(i * width);
                    };
                    if (values[done + i] < 0) {
                        throw new InputException(file + " " + name + ": expected whole numbers below 2^63, received "
                                + Long.toUnsignedString(values[done + i]));
                    }
                }
            }
        } catch (IOException e) {
            throw new FailureException("can't read " + file + ": " + e, e);
        }
        return new Unsigned(other.type(), other.shape(), values);
    }

    /** Texts that were saved with the tensors. */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /** @throws InputException if there is no such tensor, naming the nearest one, or it is one of {@link #unreadable} */
    public Entry entry(String name) {
        Entry entry = header.entries().get(name);
        SafetensorsHeader.Other other = header.others().get(name);
        if (other != null) {
            throw new InputException("tensor \"" + name + "\" in " + file + " is "
                    + other.shown()
                    + ", a type that tensors here cannot have; save it as one of the types F64, F32, F16, BF16, I64, I32,"
                    + " I16, I8, U8 or BOOL");
        }
        if (entry == null) {
            throw new InputException("no tensor \"" + name + "\" in " + file
                    + Nearest.hint(name, header.entries().keySet()));
        }
        return entry;
    }

    /**
     * A copy of a tensor in native memory, in the innermost open scope.
     *
     * @throws InputException if there is no such tensor
     */
    public Tensor read(String name) {
        Entry entry = entry(name);
        return read(entry, Tensor.empty(entry.shape(), entry.dtype()), 0);
    }

    /**
     * A copy of some values of a tensor, in row-major order, as a flat tensor in the innermost open scope.
     *
     * @param start index of the first value
     * @throws InputException if there is no such tensor, or it ends before
     */
    public Tensor read(String name, long start, long length) {
        Entry entry = entry(name);
        long elements = entry.shape().elements();
        if (start < 0 || length < 0 || start > elements || length > elements - start) {
            throw new InputException("expected a part of the " + elements + " values of \"" + name + "\" in " + file
                    + ", received " + length + " values from number " + start + " on");
        }
        return read(entry, Tensor.empty(Shape.of(length), entry.dtype()), start);
    }

    private Tensor read(Entry entry, Tensor tensor, long from) {
        long bytes = entry.dtype().bytes();
        long first = start + entry.begin() + from * bytes;
        long total = tensor.elements() * bytes;
        try (FileChannel channel = opened()) {
            for (long done = 0; done < total; done += Safetensors.CHUNK_BYTES) {
                int length = (int) Math.min(Safetensors.CHUNK_BYTES, total - done);
                readFully(channel, Safetensors.memory(tensor, done, length), first + done);
            }
        } catch (IOException e) {
            throw new FailureException("can't read " + file + ": " + e, e);
        }
        return tensor;
    }

    /** @throws FailureException if it is another file by now */
    private FileChannel opened() throws IOException {
        FileChannel channel = FileChannel.open(file);
        if (!Seen.of(file).equals(seen)) {
            channel.close();
            throw new FailureException("expected " + file + " as it was when it was opened, found another one in its"
                    + " place: read it again, and let nobody write into it meanwhile");
        }
        return channel;
    }

    /** @throws EOFException if the file ends before the buffer is full */
    private static void readFully(FileChannel channel, ByteBuffer into, long at) throws IOException {
        long next = at;
        while (into.hasRemaining()) {
            int read = channel.read(into, next);
            if (read < 0) {
                throw new EOFException("it ends at byte " + next);
            }
            next += read;
        }
    }
}

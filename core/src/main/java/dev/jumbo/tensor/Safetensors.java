package dev.jumbo.tensor;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;

/**
 * The file format of weights: <a href="https://github.com/huggingface/safetensors">safetensors</a>, which Python reads
 * and writes too.
 *
 * <pre>
 * 8 bytes       n, the length of the header, little-endian
 * n bytes       UTF-8 JSON: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ...,
 *               "__metadata__": {"key": "text"}}, padded with blanks to a multiple of 8
 * the rest      values, little-endian, row-major, without holes; offsets count from here
 * </pre>
 *
 * <p>{@link #open} checks all of it before anything native sees a byte. {@link #write} is deterministic: equal tensors
 * and metadata give equal bytes.
 */
public final class Safetensors {
    /** The key of the header that holds metadata, so no tensor can have this name. */
    static final String METADATA = "__metadata__";

    /** Longest header that is read, as in the reference implementation: 100 MB. */
    static final long MAX_HEADER_BYTES = 100_000_000;

    /** Bytes before the header. */
    static final int PREFIX_BYTES = 8;

    /** Largest piece that is mapped or copied at once: a Java buffer ends at 2 GiB. */
    static final int CHUNK_BYTES = 1 << 30;

    /**
     * A tensor that is made when its turn to be written comes.
     *
     * @param values gives the tensor, of this type and shape, in the innermost open scope
     */
    public record Source(String name, DType dtype, Shape shape, Supplier<Tensor> values) {
        static Source of(String name, Tensor tensor) {
            return new Source(name, tensor.dtype(), tensor.shape(), () -> tensor);
        }

        long bytes() {
            return shape.elements() * dtype.bytes();
        }
    }

    private Safetensors() {}

    /**
     * Opens a file and checks its header against its size.
     *
     * @throws InputException if the file is missing or not a sound safetensors file, saying why
     */
    public static SafetensorsFile open(Path file) {
        return SafetensorsFile.open(file);
    }

    /**
     * Writes tensors of any layout, in row-major order, and forces the bytes to the disk. An existing file is
     * overwritten; a reader of the file must not be open. The bytes become the file step by step: for all or nothing,
     * write to a temporary name and rename.
     *
     * @param tensors by name; their order does not matter
     * @param metadata texts that go with them, may be empty
     * @throws InputException if a name is reserved or the header would be too long
     * @throws FailureException if the file can't be written
     */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        write(
                file,
                tensors.entrySet().stream()
                        .map(e -> Source.of(e.getKey(), e.getValue()))
                        .toList(),
                metadata);
    }

    /** As {@link #write(Path, Map, Map)}, with tensors of which only one at a time is held, each asked for once, in {@link #order}. */
    public static void write(Path file, List<Source> sources, Map<String, String> metadata) {
        if (sources.stream().anyMatch(s -> s.name().equals(METADATA))) {
            throw new InputException("expected tensor names other than \"" + METADATA + "\", which is reserved");
        }
        List<Source> ordered = order(sources);
        ByteBuffer header = header(ordered, new TreeMap<>(metadata));
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            writeFully(channel, header);
            for (Source source : ordered) {
                writeValues(channel, source);
            }
            channel.force(true);
        } catch (IOException e) {
            throw new FailureException("can't write the tensors to " + file + ": " + e, e);
        }
    }

    /** The order of a file: the widest types first, so that every tensor is aligned to its element size; then by name. */
    public static List<Source> order(List<Source> sources) {
        return sources.stream()
                .sorted(Comparator.<Source>comparingInt(s -> -s.dtype().bytes()).thenComparing(Source::name))
                .toList();
    }

    private static ByteBuffer header(List<Source> sources, Map<String, String> metadata) {
        var json = new ByteArrayOutputStream();
        try (JsonGenerator generator = SafetensorsHeader.JSON.createGenerator(json)) {
            generator.writeStartObject();
            if (!metadata.isEmpty()) {
                generator.writeObjectFieldStart(METADATA);
                for (Map.Entry<String, String> entry : metadata.entrySet()) {
                    generator.writeStringField(entry.getKey(), entry.getValue());
                }
                generator.writeEndObject();
            }
            long offset = 0;
            for (Source source : sources) {
                long end = offset + source.bytes();
                long[] shape = source.shape().toArray();
                generator.writeObjectFieldStart(source.name());
                generator.writeStringField("dtype", source.dtype().safetensorsName());
                generator.writeFieldName("shape");
                generator.writeArray(shape, 0, shape.length);
                generator.writeFieldName("data_offsets");
                generator.writeArray(new long[] {offset, end}, 0, 2);
                generator.writeEndObject();
                offset = end;
            }
            generator.writeEndObject();
        } catch (IOException e) {
            throw new FailureException("can't write the header of a safetensors file: " + e.getMessage(), e);
        }
        int padded = (json.size() + 7) / 8 * 8;
        if (padded > MAX_HEADER_BYTES) {
            throw new InputException("expected names, shapes and metadata of at most " + MAX_HEADER_BYTES
                    + " bytes, received " + padded + "; split the tensors into several files");
        }
        ByteBuffer header = ByteBuffer.allocate(PREFIX_BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(json.toByteArray());
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }

    private static void writeValues(FileChannel channel, Source source) throws IOException {
        try (Scope scope = Scope.open()) {
            Tensor tensor = source.values().get();
            if (!tensor.shape().equals(source.shape()) || tensor.dtype() != source.dtype()) {
                throw new IllegalStateException("expected \"" + source.name() + "\" to be " + source.dtype() + " "
                        + source.shape() + ", received " + tensor.dtype() + " " + tensor.shape());
            }
            Tensor plain = Tensor.wrap(tensor.handle().detach().cpu().contiguous());
            long total = source.bytes();
            for (long at = 0; at < total; at += CHUNK_BYTES) {
                writeFully(channel, memory(plain, at, (int) Math.min(CHUNK_BYTES, total - at)));
            }
        }
    }

    /** A buffer over the native memory of a contiguous tensor on the CPU. Valid while the tensor lives. */
    static ByteBuffer memory(Tensor tensor, long offset, int length) {
        return new BytePointer(tensor.handle().data_ptr())
                .position(offset)
                .limit(offset + length)
                .asByteBuffer();
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }
}

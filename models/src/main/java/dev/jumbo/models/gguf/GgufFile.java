package dev.jumbo.models.gguf;

import dev.jumbo.error.InputException;
import dev.jumbo.models.imports.ByteSource;
import dev.jumbo.models.imports.FloatPieces;
import dev.jumbo.nn.weights.TensorSource;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The header of a file, checked: values by key, tensors by name with their places. Nothing of the tensors is read.
 *
 * @param version 2 or 3
 */
record GgufFile(ByteSource file, int version, GgufMetadata metadata, Map<String, Place> tensors) {
    private static final int MAGIC = 0x46554747;
    /** Key, type and value; name, dimensions, type and place: so many bytes at least. */
    private static final int LEAST_VALUE = 13;

    private static final int LEAST_TENSOR = 24;
    private static final int MOST_DIMENSIONS = 4;
    private static final String ALIGNMENT = "general.alignment";

    /**
     * A tensor of the file.
     *
     * @param shape as PyTorch has it: the reverse of the file's
     * @param at its first byte
     */
    record Place(GgufType type, Shape shape, long at) {}

    /** @throws InputException if it is no sound file, or has tensors of types that are not read */
    static GgufFile read(ByteSource file) {
        GgufCursor in = new GgufCursor(file);
        if (file.size() < Integer.BYTES || in.int32() != MAGIC) {
            throw new InputException(file.name() + ": expected a GGUF file, which begins with GGUF, received "
                    + (file.size() == 0 ? "an empty file" : "another"));
        }
        int version = in.int32();
        if (version != 2 && version != 3) {
            boolean swapped = Integer.reverseBytes(version) == 3 || Integer.reverseBytes(version) == 2;
            throw new InputException(file.name() + ": expected GGUF of version 2 or 3, received "
                    + (swapped ? "a big-endian file" : "version " + Integer.toUnsignedString(version))
                    + "; convert it with llama.cpp");
        }
        int tensors = in.count(LEAST_TENSOR, "tensors");
        int values = in.count(LEAST_VALUE, "values");
        GgufMetadata metadata = GgufMetadata.read(in, values, file.name());
        long alignment = metadata.number(ALIGNMENT, 32);
        if (alignment < 8 || alignment > 1 << 20 || alignment % 8 != 0) {
            throw new InputException(
                    file.name() + ": expected a " + ALIGNMENT + " that is a multiple of 8, received " + alignment);
        }
        Map<String, Place> places = new LinkedHashMap<>();
        for (int i = 0; i < tensors; i++) {
            String name = in.text("the name of tensor " + i);
            Place place = place(in, file.name() + ": tensor \"" + name + "\"", alignment);
            if (places.put(name, place) != null) {
                throw new InputException(file.name() + ": expected one tensor \"" + name + "\", received two");
            }
        }
        long data = (in.at() + alignment - 1) / alignment * alignment;
        places.replaceAll((name, place) -> inside(file, name, place, data));
        return new GgufFile(file, version, metadata, places);
    }

    private static Place place(GgufCursor in, String where, long alignment) {
        int rank = in.int32();
        if (rank < 1 || rank > MOST_DIMENSIONS) {
            throw new InputException(where + ": expected 1 to " + MOST_DIMENSIONS + " dimensions, received "
                    + Integer.toUnsignedString(rank));
        }
        long[] shape = new long[rank];
        long elements = 1;
        for (int i = rank - 1; i >= 0; i--) {
            shape[i] = in.int64();
            if (shape[i] < 1 || elements > (1L << 48) / shape[i]) {
                throw new InputException(where + ": expected sizes of 1 or more whose product is no more than 2^48,"
                        + " received " + Long.toUnsignedString(shape[i]));
            }
            elements *= shape[i];
        }
        GgufType type = GgufType.of(in.int32(), where);
        if (shape[rank - 1] % type.block() != 0) {
            throw new InputException(where + ": expected rows of a multiple of " + type.block()
                    + " values, as blocks of " + type + " have, received " + shape[rank - 1]);
        }
        long offset = in.int64();
        if (offset < 0 || offset % alignment != 0) {
            throw new InputException(where + ": expected a place that is a multiple of " + alignment + ", received "
                    + Long.toUnsignedString(offset));
        }
        return new Place(type, Shape.of(shape), offset);
    }

    private static Place inside(ByteSource file, String name, Place place, long data) {
        long bytes =
                place.shape().elements() / place.type().block() * place.type().bytes();
        if (place.at() > file.size() - data || bytes > file.size() - data - place.at()) {
            throw new InputException(file.name() + ": tensor \"" + name + "\": expected " + bytes + " bytes at "
                    + (data + place.at()) + ", but the file ends at " + file.size()
                    + "; it is truncated or damaged: fetch it again");
        }
        return new Place(place.type(), place.shape(), data + place.at());
    }

    /** A tensor, to be read when it is asked for: F16 and BF16 as they are, the others in FLOAT32. */
    TensorSource.Stored stored(Place place) {
        GgufType type = place.type();
        return new TensorSource.Stored(type.dtype(), place.shape(), () -> {
            Tensor values = FloatPieces.of(
                    place.shape(),
                    type.block(),
                    (first, count) -> type.values(
                            file.read(
                                    place.at() + first / type.block() * type.bytes(),
                                    count / type.block() * type.bytes()),
                            count));
            return type.dtype() == DType.FLOAT32 ? values : values.to(type.dtype());
        });
    }
}

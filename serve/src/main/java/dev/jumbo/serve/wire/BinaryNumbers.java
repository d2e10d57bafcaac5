package dev.jumbo.serve.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Little-endian bytes as numbers of a type. */
public final class BinaryNumbers implements Elements {
    private final Datatype type;
    private final ByteBuffer little;

    BinaryNumbers(Datatype type, ByteBuffer data) {
        this.type = type;
        little = data.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public int size() {
        return little.remaining() / type.bytes();
    }

    @Override
    public Form form() {
        return Form.NUMBERS;
    }

    @Override
    public double real(int index) {
        return switch (type) {
            case FP32 -> little.getFloat(index * 4);
            case FP64 -> little.getDouble(index * 8);
            case FP16 -> SmallFloats.half(little.getShort(index * 2));
            case BF16 -> SmallFloats.brain(little.getShort(index * 2));
            case UINT64 -> SmallFloats.unsigned(whole(index));
            default -> whole(index);
        };
    }

    @Override
    public long whole(int index) {
        return switch (type) {
            case BOOL, UINT8 -> little.get(index) & 0xFF;
            case UINT16 -> little.getShort(index * 2) & 0xFFFF;
            case UINT32 -> little.getInt(index * 4) & 0xFFFF_FFFFL;
            case INT8 -> little.get(index);
            case INT16 -> little.getShort(index * 2);
            case INT32 -> little.getInt(index * 4);
            case INT64, UINT64 -> little.getLong(index * 8);
            case FP16, BF16, FP32, FP64 -> (long) real(index);
            case BYTES -> throw new IllegalStateException("texts are no numbers");
        };
    }

    @Override
    public boolean isLong(int index) {
        return type == Datatype.INT64 || type == Datatype.UINT64 && whole(index) >= 0;
    }

    @Override
    public boolean isUnsigned(int index) {
        return type == Datatype.UINT64 && whole(index) < 0;
    }

    @Override
    public @Nullable String text(int index) {
        throw new IllegalStateException("numbers are no texts");
    }

    @Override
    public float @Nullable [] floats() {
        if (type != Datatype.FP32) {
            return null;
        }
        float[] values = new float[size()];
        little.asFloatBuffer().get(values);
        return values;
    }
}

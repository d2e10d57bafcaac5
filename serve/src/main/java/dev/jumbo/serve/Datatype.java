package dev.jumbo.serve;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** Element types of the protocol that this server takes. Models take FP32, FP64 or INT64; the others are converted. */
enum Datatype {
    BOOL(1),
    UINT8(1),
    UINT16(2),
    UINT32(4),
    INT8(1),
    INT16(2),
    INT32(4),
    INT64(8),
    FP32(4),
    FP64(8);

    private final int bytes;

    Datatype(int bytes) {
        this.bytes = bytes;
    }

    static Datatype of(DType dtype) {
        return switch (dtype) {
            case INT64 -> INT64;
            case FLOAT64 -> FP64;
            default -> FP32;
        };
    }

    /** @throws InputException on another name */
    static Datatype named(String name) {
        return Arrays.stream(values())
                .filter(d -> d.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException("expected a datatype of " + List.of(values()) + ", received \""
                        + (name.length() <= 40 ? name : name.substring(0, 40) + "...") + "\""));
    }

    /** Bytes of one element. */
    int bytes() {
        return bytes;
    }

    boolean isFloating() {
        return this == FP32 || this == FP64;
    }

    /** A view of little-endian bytes as values of this type. */
    Elements view(ByteBuffer data) {
        ByteBuffer little = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        int size = little.remaining() / bytes;
        return new Elements() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public double real(int index) {
                return switch (Datatype.this) {
                    case FP32 -> little.getFloat(index * 4);
                    case FP64 -> little.getDouble(index * 8);
                    default -> whole(index);
                };
            }

            @Override
            public long whole(int index) {
                return switch (Datatype.this) {
                    case BOOL -> little.get(index) != 0 ? 1 : 0;
                    case UINT8 -> little.get(index) & 0xFF;
                    case UINT16 -> little.getShort(index * 2) & 0xFFFF;
                    case UINT32 -> little.getInt(index * 4) & 0xFFFF_FFFFL;
                    case INT8 -> little.get(index);
                    case INT16 -> little.getShort(index * 2);
                    case INT32 -> little.getInt(index * 4);
                    case INT64 -> little.getLong(index * 8);
                    case FP32, FP64 -> {
                        double value = real(index);
                        if (value != Math.rint(value) || Math.abs(value) >= 0x1p63) {
                            throw new InputException("expected whole numbers, received " + value);
                        }
                        yield (long) value;
                    }
                };
            }
        };
    }
}

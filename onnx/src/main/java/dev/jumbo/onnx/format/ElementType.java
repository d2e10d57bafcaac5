package dev.jumbo.onnx.format;

import dev.jumbo.tensor.DType;

/** Types of elements, with their numbers in {@code TensorProto.DataType}. */
public enum ElementType {
    FLOAT(1, 4),
    UINT8(2, 1),
    INT8(3, 1),
    INT32(6, 4),
    INT64(7, 8),
    BOOL(9, 1),
    DOUBLE(11, 8);

    private final int number;
    private final int bytes;

    ElementType(int number, int bytes) {
        this.number = number;
        this.bytes = bytes;
    }

    /** In files. */
    public int number() {
        return number;
    }

    /** Of one element. */
    public int bytes() {
        return bytes;
    }

    /** That of values which a model takes or gives; what it computes in is FLOAT. */
    public static ElementType of(DType type) {
        return switch (type) {
            case INT64 -> INT64;
            case BOOL -> BOOL;
            case UINT8 -> UINT8;
            case FLOAT64 -> DOUBLE;
            default -> FLOAT;
        };
    }
}

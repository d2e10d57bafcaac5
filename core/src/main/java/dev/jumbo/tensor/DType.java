package dev.jumbo.tensor;

import dev.jumbo.error.InputException;
import java.util.Arrays;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Element types, with the names that safetensors files use. */
public enum DType {
    FLOAT32("F32", 4, ScalarType.Float),
    FLOAT64("F64", 8, ScalarType.Double),
    BFLOAT16("BF16", 2, ScalarType.BFloat16),
    FLOAT16("F16", 2, ScalarType.Half),
    INT64("I64", 8, ScalarType.Long),
    INT32("I32", 4, ScalarType.Int),
    INT16("I16", 2, ScalarType.Short),
    INT8("I8", 1, ScalarType.Char),
    UINT8("U8", 1, ScalarType.Byte),
    BOOL("BOOL", 1, ScalarType.Bool);

    private final String safetensorsName;
    private final int bytes;
    private final ScalarType torch;

    DType(String safetensorsName, int bytes, ScalarType torch) {
        this.safetensorsName = safetensorsName;
        this.bytes = bytes;
        this.torch = torch;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether values have a fraction: the types a gradient can have. */
    public boolean isFloating() {
        return this == FLOAT32 || this == FLOAT64 || this == BFLOAT16 || this == FLOAT16;
    }

    public String safetensorsName() {
        return safetensorsName;
    }

    /** @throws InputException on a name that is not in the safetensors format, or that Jumbo does not read */
    public static DType ofSafetensors(String name) {
        return Arrays.stream(values())
                .filter(d -> d.safetensorsName.equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException("unknown element type \"" + name + "\"; expected one of "
                        + Arrays.stream(values()).map(DType::safetensorsName).toList()));
    }

    ScalarType torch() {
        return torch;
    }

    static DType of(ScalarType type) {
        for (DType d : values()) {
            if (d.torch == type) {
                return d;
            }
        }
        throw new IllegalStateException("a native tensor has the element type " + type + ", which Jumbo does not use");
    }
}

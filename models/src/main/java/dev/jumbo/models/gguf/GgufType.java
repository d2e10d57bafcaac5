package dev.jumbo.models.gguf;

import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import java.nio.ByteBuffer;
import java.util.Map;

/** Types of tensors that are read: their blocks, and what values these are. Of a block's form, see {@link Blocks}. */
enum GgufType {
    F32(0, 1, 4, DType.FLOAT32),
    F16(1, 1, 2, DType.FLOAT16),
    Q4_0(2, 32, 18, DType.FLOAT32),
    Q8_0(8, 32, 34, DType.FLOAT32),
    Q4_K(12, 256, 144, DType.FLOAT32),
    Q6_K(14, 256, 210, DType.FLOAT32),
    BF16(30, 1, 2, DType.BFLOAT16);

    /** Others that llama.cpp writes, so that a message can name them. */
    private static final Map<Integer, String> OTHERS = Map.ofEntries(
            Map.entry(3, "Q4_1"),
            Map.entry(6, "Q5_0"),
            Map.entry(7, "Q5_1"),
            Map.entry(9, "Q8_1"),
            Map.entry(10, "Q2_K"),
            Map.entry(11, "Q3_K"),
            Map.entry(13, "Q5_K"),
            Map.entry(15, "Q8_K"),
            Map.entry(16, "IQ2_XXS"),
            Map.entry(17, "IQ2_XS"),
            Map.entry(18, "IQ3_XXS"),
            Map.entry(19, "IQ1_S"),
            Map.entry(20, "IQ4_NL"),
            Map.entry(21, "IQ3_S"),
            Map.entry(22, "IQ2_S"),
            Map.entry(23, "IQ4_XS"),
            Map.entry(24, "I8"),
            Map.entry(25, "I16"),
            Map.entry(26, "I32"),
            Map.entry(27, "I64"),
            Map.entry(28, "F64"),
            Map.entry(29, "IQ1_M"),
            Map.entry(34, "TQ1_0"),
            Map.entry(35, "TQ2_0"),
            Map.entry(39, "MXFP4"));

    private final int id;
    private final int block;
    private final int bytes;
    private final DType dtype;

    GgufType(int id, int block, int bytes, DType dtype) {
        this.id = id;
        this.block = block;
        this.bytes = bytes;
        this.dtype = dtype;
    }

    /** Values of a block. */
    int block() {
        return block;
    }

    /** Bytes of a block. */
    int bytes() {
        return bytes;
    }

    /** What it is read as. */
    DType dtype() {
        return dtype;
    }

    /** @param where the tensor, for the message */
    static GgufType of(int id, String where) {
        for (GgufType type : values()) {
            if (type.id == id) {
                return type;
            }
        }
        throw new InputException(where + ": expected one of F32, F16, BF16, Q8_0, Q4_0, Q4_K and Q6_K, received "
                + OTHERS.getOrDefault(id, "the type " + id)
                + "; convert the model to one of these (llama-quantize --pure MODEL.gguf OUT.gguf Q8_0)");
    }

    /** The values of whole blocks. */
    float[] values(ByteBuffer blocks, int count) {
        float[] values = new float[count];
        for (int i = 0, at = 0; i < count; i += block, at += bytes) {
            switch (this) {
                case F32 -> values[i] = blocks.getFloat(at);
                case F16 -> values[i] = Blocks.half(blocks.getShort(at));
                case BF16 -> values[i] = Float.intBitsToFloat(blocks.getShort(at) << 16);
                case Q4_0 -> Blocks.q4(blocks, at, values, i);
                case Q8_0 -> Blocks.q8(blocks, at, values, i);
                case Q4_K -> Blocks.q4k(blocks, at, values, i);
                case Q6_K -> Blocks.q6k(blocks, at, values, i);
            }
        }
        return values;
    }
}

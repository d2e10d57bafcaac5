package dev.jumbo.serve.grpc;

import com.google.protobuf.ByteString;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.grpc.proto.InferTensorContents;
import dev.jumbo.serve.wire.BinaryTexts;
import dev.jumbo.serve.wire.Datatype;
import dev.jumbo.serve.wire.Elements;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values of a tensor in the field of its type. Whether whole numbers are within their type is checked with every other tensor. */
record TypedContents(Datatype type, InferTensorContents values) implements Elements {
    /** @throws InputException if another field than that of the type is filled, or the type has none */
    static Elements of(String input, Datatype type, InferTensorContents contents) {
        String expected = switch (type) {
            case BOOL -> "bool_contents";
            case INT8, INT16, INT32 -> "int_contents";
            case INT64 -> "int64_contents";
            case UINT8, UINT16, UINT32 -> "uint_contents";
            case UINT64 -> "uint64_contents";
            case FP32 -> "fp32_contents";
            case FP64 -> "fp64_contents";
            case BYTES -> "bytes_contents";
            case FP16, BF16 ->
                throw new InputException(
                        "input \"" + input + "\": expected " + type + " as raw_input_contents; it has no other form");
        };
        Map<String, Integer> filled = new LinkedHashMap<>();
        filled.put("bool_contents", contents.getBoolContentsCount());
        filled.put("int_contents", contents.getIntContentsCount());
        filled.put("int64_contents", contents.getInt64ContentsCount());
        filled.put("uint_contents", contents.getUintContentsCount());
        filled.put("uint64_contents", contents.getUint64ContentsCount());
        filled.put("fp32_contents", contents.getFp32ContentsCount());
        filled.put("fp64_contents", contents.getFp64ContentsCount());
        filled.put("bytes_contents", contents.getBytesContentsCount());
        filled.forEach((field, count) -> {
            if (count > 0 && !field.equals(expected)) {
                throw new InputException(
                        "input \"" + input + "\": expected " + expected + " for " + type + ", received " + field);
            }
        });
        return type == Datatype.BYTES
                ? new BinaryTexts(contents.getBytesContentsList().stream()
                        .map(ByteString::asReadOnlyByteBuffer)
                        .toList())
                : new TypedContents(type, contents);
    }

    @Override
    public int size() {
        return switch (type) {
            case BOOL -> values.getBoolContentsCount();
            case INT8, INT16, INT32 -> values.getIntContentsCount();
            case INT64 -> values.getInt64ContentsCount();
            case UINT8, UINT16, UINT32 -> values.getUintContentsCount();
            case UINT64 -> values.getUint64ContentsCount();
            case FP32 -> values.getFp32ContentsCount();
            default -> values.getFp64ContentsCount();
        };
    }

    @Override
    public Form form() {
        return type == Datatype.BOOL ? Form.TRUTHS : Form.NUMBERS;
    }

    @Override
    public double real(int index) {
        return switch (type) {
            case FP32 -> values.getFp32Contents(index);
            case FP64 -> values.getFp64Contents(index);
            case UINT64 -> Datatype.unsigned(whole(index));
            default -> whole(index);
        };
    }

    @Override
    public long whole(int index) {
        return switch (type) {
            case BOOL -> values.getBoolContents(index) ? 1 : 0;
            case INT8, INT16, INT32 -> values.getIntContents(index);
            case INT64 -> values.getInt64Contents(index);
            case UINT8, UINT16, UINT32 -> values.getUintContents(index) & 0xFFFF_FFFFL;
            case UINT64 -> values.getUint64Contents(index);
            default -> (long) real(index);
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
}

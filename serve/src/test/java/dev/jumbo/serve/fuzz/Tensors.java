package dev.jumbo.serve.fuzz;

import com.google.protobuf.ByteString;
import dev.jumbo.serve.grpc.proto.InferTensorContents;
import dev.jumbo.serve.wire.Datatype;
import dev.jumbo.serve.wire.Elements;
import dev.jumbo.serve.wire.InferRequest;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Tensors of requests written in each form of the protocol, by a writer that shares nothing with the readers. */
public final class Tensors {
    private Tensors() {}

    /** Whether every value is there: only JSON has missing ones. */
    public static boolean isWhole(InferRequest.Input input) {
        for (int i = 0; i < input.elements().size(); i++) {
            if (input.elements().isMissing(i)) {
                return false;
            }
        }
        return true;
    }

    /** The values, exactly, whatever form they came in. */
    public static List<Object> values(InferRequest.Input input) {
        Elements elements = input.elements();
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < elements.size(); i++) {
            values.add(
                    switch (input.datatype()) {
                        case BYTES -> ByteString.copyFrom(java.util.Objects.requireNonNull(elements.bytes(i)));
                        case FP16, BF16, FP32, FP64 -> Double.doubleToLongBits(elements.real(i));
                        default -> whole(elements, i);
                    });
        }
        return values;
    }

    private static BigInteger whole(Elements elements, int i) {
        return elements.isUnsigned(i)
                ? new BigInteger(Long.toUnsignedString(elements.whole(i)))
                : BigInteger.valueOf(elements.whole(i));
    }

    /** As the binary extension and raw contents have them. */
    public static byte[] little(InferRequest.Input input) {
        Elements elements = input.elements();
        if (input.datatype() == Datatype.BYTES) {
            var out = new java.io.ByteArrayOutputStream();
            for (int i = 0; i < elements.size(); i++) {
                byte[] each = java.util.Objects.requireNonNull(elements.bytes(i));
                out.writeBytes(ByteBuffer.allocate(4)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putInt(each.length)
                        .array());
                out.writeBytes(each);
            }
            return out.toByteArray();
        }
        ByteBuffer out =
                ByteBuffer.allocate(elements.size() * input.datatype().bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < elements.size(); i++) {
            long whole = input.datatype().isFloating() ? 0 : whole(elements, i).longValue();
            double real = elements.real(i);
            switch (input.datatype()) {
                case BOOL, UINT8, INT8 -> out.put((byte) whole);
                case UINT16, INT16 -> out.putShort((short) whole);
                case UINT32, INT32 -> out.putInt((int) whole);
                case UINT64, INT64 -> out.putLong(whole);
                case FP16 -> out.putShort(half(real));
                case BF16 -> out.putShort((short) (Float.floatToRawIntBits((float) real) >>> 16));
                case FP32 -> out.putFloat((float) real);
                default -> out.putDouble(real);
            }
        }
        return out.array();
    }

    /** The 16 bits of a number that binary16 holds exactly, found by looking: 1, 5 and 10 bits, the exponent biased by 15. */
    private static short half(double value) {
        int sign = 1 / value < 0 || value < 0 ? 0x8000 : 0;
        double size = Math.abs(value);
        if (size < 0x1p-14) {
            return (short) (sign | (int) (size * 0x1p24));
        }
        int exponent = Math.getExponent(size);
        return (short) (sign | exponent + 15 << 10 | (int) (size * Math.pow(2, 10 - exponent)) - 1024);
    }

    /** In the field of the type. */
    public static InferTensorContents typed(InferRequest.Input input) {
        Elements elements = input.elements();
        InferTensorContents.Builder out = InferTensorContents.newBuilder();
        for (int i = 0; i < elements.size(); i++) {
            switch (input.datatype()) {
                case BYTES ->
                    out.addBytesContents(ByteString.copyFrom(java.util.Objects.requireNonNull(elements.bytes(i))));
                case BOOL -> out.addBoolContents(whole(elements, i).signum() != 0);
                case INT8, INT16, INT32 -> out.addIntContents(whole(elements, i).intValue());
                case INT64 -> out.addInt64Contents(whole(elements, i).longValue());
                case UINT8, UINT16, UINT32 ->
                    out.addUintContents(whole(elements, i).intValue());
                case UINT64 -> out.addUint64Contents(whole(elements, i).longValue());
                case FP32 -> out.addFp32Contents((float) elements.real(i));
                case FP64 -> out.addFp64Contents(elements.real(i));
                default -> throw new IllegalArgumentException(input.datatype() + " has raw contents alone");
            }
        }
        return out.build();
    }
}

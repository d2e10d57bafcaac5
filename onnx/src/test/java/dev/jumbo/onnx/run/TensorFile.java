package dev.jumbo.onnx.run;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A TensorProto of the backend tests; null values where its type is none that is read here. */
record TensorFile(String name, int type, long[] shape, Object values) {
    static TensorFile read(byte[] bytes) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        List<Long> dims = new ArrayList<>();
        List<Number> numbers = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        String name = "";
        int type = 0;
        byte @Nullable [] raw = null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            boolean packed = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> each(in, packed, () -> dims.add(in.readInt64()));
                case 2 -> type = in.readInt32();
                case 4 -> each(in, packed, () -> numbers.add(in.readFloat()));
                case 5 -> each(in, packed, () -> numbers.add(in.readInt32()));
                case 6 -> texts.add(new String(in.readByteArray(), StandardCharsets.UTF_8));
                case 7 -> each(in, packed, () -> numbers.add(in.readInt64()));
                case 8 -> name = in.readString();
                case 9 -> raw = in.readByteArray();
                case 10 -> each(in, packed, () -> numbers.add(in.readDouble()));
                default -> in.skipField(tag);
            }
        }
        long[] shape = dims.stream().mapToLong(d -> d).toArray();
        return new TensorFile(name, type, shape, values(type, raw, numbers, texts));
    }

    private interface Read {
        void one() throws IOException;
    }

    private static void each(CodedInputStream in, boolean packed, Read read) throws IOException {
        if (!packed) {
            read.one();
            return;
        }
        int before = in.pushLimit(in.readRawVarint32());
        while (!in.isAtEnd()) {
            read.one();
        }
        in.popLimit(before);
    }

    private static Object values(int type, byte @Nullable [] raw, List<Number> numbers, List<String> texts) {
        ByteBuffer bytes = ByteBuffer.wrap(raw == null ? new byte[0] : raw).order(ByteOrder.LITTLE_ENDIAN);
        int held = bytes.remaining();
        boolean isRaw = raw != null;
        switch (type) {
            case 1 -> {
                float[] made = new float[isRaw ? held / 4 : numbers.size()];
                for (int i = 0; i < made.length; i++) {
                    made[i] = isRaw ? bytes.getFloat() : numbers.get(i).floatValue();
                }
                return made;
            }
            case 11 -> {
                double[] made = new double[isRaw ? held / 8 : numbers.size()];
                for (int i = 0; i < made.length; i++) {
                    made[i] = isRaw ? bytes.getDouble() : numbers.get(i).doubleValue();
                }
                return made;
            }
            case 7 -> {
                long[] made = new long[isRaw ? held / 8 : numbers.size()];
                for (int i = 0; i < made.length; i++) {
                    made[i] = isRaw ? bytes.getLong() : numbers.get(i).longValue();
                }
                return made;
            }
            case 6 -> {
                int[] made = new int[isRaw ? held / 4 : numbers.size()];
                for (int i = 0; i < made.length; i++) {
                    made[i] = isRaw ? bytes.getInt() : numbers.get(i).intValue();
                }
                return made;
            }
            case 2, 3 -> {
                byte[] made = new byte[isRaw ? held : numbers.size()];
                for (int i = 0; i < made.length; i++) {
                    made[i] = isRaw ? bytes.get() : numbers.get(i).byteValue();
                }
                return made;
            }
            case 9 -> {
                boolean[] made = new boolean[isRaw ? held : numbers.size()];
                for (int i = 0; i < made.length; i++) {
                    made[i] = isRaw ? bytes.get() != 0 : numbers.get(i).intValue() != 0;
                }
                return made;
            }
            case 8 -> {
                return texts.toArray(String[]::new);
            }
            case 10 -> {
                float[] made = new float[isRaw ? held / 2 : numbers.size()];
                for (int i = 0; i < made.length; i++) {
                    short half = isRaw ? bytes.getShort() : numbers.get(i).shortValue();
                    made[i] = ai.onnxruntime.platform.Fp16Conversions.fp16ToFloat(half);
                }
                return made;
            }
            default -> {
                return new Object();
            }
        }
    }

    boolean isRead() {
        return values.getClass().isArray();
    }
}

package dev.jumbo.onnx.run;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.files.Durable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A model that ONNX Runtime has loaded, on one thread a call. Several threads may run it at once. Close it to free its memory. */
public final class OnnxSession implements AutoCloseable {
    private final OrtSession session;

    /** What goes with it; null where nothing is left. */
    private final @Nullable PrivateCopy copy;

    private OnnxSession(OrtSession session, @Nullable PrivateCopy copy) {
        this.session = session;
        this.copy = copy;
    }

    /** @throws InputException if ONNX Runtime refuses the file, with its words */
    public static OnnxSession open(Path file) {
        try {
            return open((environment, options) -> environment.createSession(file.toString(), options));
        } catch (InputException e) {
            // Callers know where they put it.
            String words = String.valueOf(e.getMessage())
                    .replace(file.toString(), String.valueOf(file.getFileName()))
                    .replace(Durable.parent(file) + "/", "");
            throw new InputException(words, e);
        }
    }

    /**
     * As {@link #open}, of a copy that nobody else writes: of a model whose parameters are in other files, which ONNX Runtime maps.
     *
     * @param outside these files, as {@link FileScan#outside} says
     * @throws FailureException if there is no room for the copy
     */
    static OnnxSession openCopy(Path file, Set<String> outside) {
        PrivateCopy copy = PrivateCopy.of(file, outside);
        try {
            FileScan.of(copy.model()); // The original may be another one by now.
            OrtSession session = open(copy.model()).session;
            return new OnnxSession(session, copy.delete() ? null : copy);
        } catch (RuntimeException e) {
            copy.close();
            throw e;
        }
    }

    /** As {@link #open}, of what a file would hold. */
    public static OnnxSession of(byte[] model) {
        return open((environment, options) -> environment.createSession(model, options));
    }

    private static OnnxSession open(OnnxRuntime.Loading loading) {
        OrtSession opened = OnnxRuntime.load((environment, options) -> {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            // What it would like to say goes with its errors.
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            return loading.with(environment, options);
        });
        return new OnnxSession(opened, null);
    }

    OrtSession session() {
        return session;
    }

    /** In order. */
    public Set<String> inputs() {
        return session.getInputNames();
    }

    /** In order. */
    public Set<String> outputs() {
        return session.getOutputNames();
    }

    /**
     * The outputs, in order.
     *
     * @param inputs by name
     * @throws InputException if ONNX Runtime refuses them, with its words
     */
    public Map<String, OnnxArray> run(Map<String, OnnxArray> inputs) {
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        try {
            for (Map.Entry<String, OnnxArray> input : inputs.entrySet()) {
                tensors.put(input.getKey(), tensor(input.getKey(), input.getValue()));
            }
            try (OrtSession.Result result = session.run(tensors)) {
                Map<String, OnnxArray> outputs = new LinkedHashMap<>();
                for (Map.Entry<String, OnnxValue> output : result) {
                    outputs.put(output.getKey(), array(output.getKey(), output.getValue()));
                }
                return outputs;
            }
        } catch (OrtException e) {
            throw new InputException("ONNX Runtime cannot run the model on these inputs: " + OnnxRuntime.words(e), e);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(String name, OnnxArray array) throws OrtException {
        OrtEnvironment environment = OnnxRuntime.environment();
        Object values = array.values();
        if (values instanceof float[] floats) {
            if (type(name) == OnnxJavaType.FLOAT16) {
                ShortBuffer halves = ByteBuffer.allocateDirect(Short.BYTES * floats.length)
                        .order(ByteOrder.nativeOrder())
                        .asShortBuffer();
                for (float value : floats) {
                    halves.put(ai.onnxruntime.platform.Fp16Conversions.floatToFp16(value));
                }
                return OnnxTensor.createTensor(environment, halves.rewind(), array.shape(), OnnxJavaType.FLOAT16);
            }
            return OnnxTensor.createTensor(environment, FloatBuffer.wrap(floats), array.shape());
        }
        if (values instanceof double[] doubles) {
            return OnnxTensor.createTensor(environment, DoubleBuffer.wrap(doubles), array.shape());
        }
        if (values instanceof long[] longs) {
            return OnnxTensor.createTensor(environment, LongBuffer.wrap(longs), array.shape());
        }
        if (values instanceof int[] ints) {
            return OnnxTensor.createTensor(environment, IntBuffer.wrap(ints), array.shape());
        }
        if (values instanceof String[] texts) {
            return OnnxTensor.createTensor(environment, texts, array.shape());
        }
        if (values instanceof boolean[] truths) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(truths.length).order(ByteOrder.nativeOrder());
            for (boolean truth : truths) {
                bytes.put((byte) (truth ? 1 : 0));
            }
            return OnnxTensor.createTensor(environment, bytes.rewind(), array.shape(), OnnxJavaType.BOOL);
        }
        if (values instanceof byte[] bytes) {
            ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.nativeOrder());
            direct.put(bytes).rewind();
            return OnnxTensor.createTensor(environment, direct, array.shape(), type(name));
        }
        throw new InputException(name + ": expected numbers, truth values or texts, received an array of "
                + values.getClass().getComponentType());
    }

    private OnnxJavaType type(String input) throws OrtException {
        NodeInfo info = session.getInputInfo().get(input);
        return info != null && info.getInfo() instanceof TensorInfo tensor ? tensor.type : OnnxJavaType.UNKNOWN;
    }

    private static OnnxArray array(String name, OnnxValue value) throws OrtException {
        if (!(value instanceof OnnxTensor tensor)) {
            throw new InputException("expected a tensor as the output " + name + ", received a sequence or a map");
        }
        long[] shape = tensor.getInfo().getShape();
        return new OnnxArray(
                switch (tensor.getInfo().type) {
                    case FLOAT, FLOAT16, BFLOAT16 -> copy(tensor.getFloatBuffer());
                    case DOUBLE -> {
                        DoubleBuffer from = tensor.getDoubleBuffer();
                        double[] to = new double[from.remaining()];
                        from.get(to);
                        yield to;
                    }
                    case INT64 -> {
                        LongBuffer from = tensor.getLongBuffer();
                        long[] to = new long[from.remaining()];
                        from.get(to);
                        if (isUnsigned(tensor) && Arrays.stream(to).anyMatch(one -> one < 0)) {
                            throw new FailureException("expected numbers of UINT64 below 2^63 in the output " + name
                                    + " of the model, received a larger one");
                        }
                        yield to;
                    }
                    case INT32 -> {
                        IntBuffer from = tensor.getIntBuffer();
                        int[] to = new int[from.remaining()];
                        from.get(to);
                        yield isUnsigned(tensor)
                                ? Arrays.stream(to)
                                        .mapToLong(Integer::toUnsignedLong)
                                        .toArray()
                                : to;
                    }
                    case INT16 -> {
                        ShortBuffer from = tensor.getShortBuffer();
                        int[] to = new int[from.remaining()];
                        for (int i = 0; i < to.length; i++) {
                            to[i] = isUnsigned(tensor) ? Short.toUnsignedInt(from.get()) : from.get();
                        }
                        yield to;
                    }
                    case BOOL -> {
                        ByteBuffer from = tensor.getByteBuffer();
                        boolean[] to = new boolean[from.remaining()];
                        for (int i = 0; i < to.length; i++) {
                            to[i] = from.get() != 0;
                        }
                        yield to;
                    }
                    case INT8 -> {
                        ByteBuffer from = tensor.getByteBuffer();
                        int[] to = new int[from.remaining()];
                        for (int i = 0; i < to.length; i++) {
                            to[i] = from.get();
                        }
                        yield to;
                    }
                    case UINT8 -> {
                        ByteBuffer from = tensor.getByteBuffer();
                        int[] to = new int[from.remaining()];
                        for (int i = 0; i < to.length; i++) {
                            to[i] = from.get() & 0xff;
                        }
                        yield to;
                    }
                    case STRING -> texts(tensor);
                    default ->
                        throw new InputException("the output " + name + " has the type " + tensor.getInfo().onnxType
                                + ", which is not read here");
                },
                shape);
    }

    /** ONNX Runtime has one type of Java for both kinds of each size. */
    private static boolean isUnsigned(OnnxTensor tensor) {
        return tensor.getInfo().onnxType.name().startsWith("ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT");
    }

    private static float[] copy(FloatBuffer from) {
        float[] to = new float[from.remaining()];
        from.get(to);
        return to;
    }

    private static String[] texts(OnnxTensor tensor) throws OrtException {
        Object made = tensor.getValue();
        java.util.List<String> flat = new java.util.ArrayList<>();
        flatten(made, flat);
        return flat.toArray(String[]::new);
    }

    private static void flatten(Object made, java.util.List<String> into) {
        if (made instanceof Object[] inside) {
            for (Object one : inside) {
                flatten(one, into);
            }
        } else {
            into.add((String) made);
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new FailureException("ONNX Runtime cannot free the model: " + e.getMessage(), e);
        } finally {
            if (copy != null) {
                copy.close();
            }
        }
    }
}

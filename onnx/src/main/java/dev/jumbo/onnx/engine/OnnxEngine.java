package dev.jumbo.onnx.engine;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.jumbo.data.Batch;
import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Parts;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.onnx.run.OnnxRuntime;
import dev.jumbo.tensor.DType;
import dev.jumbo.train.checkpoint.ModelFile;
import dev.jumbo.train.infer.Engine;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.stream.Stream;

/** A network in ONNX Runtime, on the calling thread. Direct buffers are read where they are; arrays are copied to native memory once. */
final class OnnxEngine implements Engine {
    /** What the runtime says of an id that a table does not have. */
    private static final String BEYOND_TABLE = "out of data bounds";

    /** Of a sequence that is measured. */
    private static final int STEPS = 32;

    private final ModelFile description;
    private final OrtSession session;
    private final Set<String> names;
    private final long bytes;
    private final Deque<Scratch> free = new ConcurrentLinkedDeque<>();

    private final int threads;

    /** Rows of the largest embedding; 0 without one. */
    private final long vocabulary;

    /** @param session closed with the engine @param threads of a call */
    OnnxEngine(ModelFile description, OrtSession session, long bytes, int threads) {
        this.description = description;
        this.session = session;
        this.names = session.getInputNames();
        this.bytes = bytes;
        this.threads = threads;
        vocabulary = Stream.concat(
                        Stream.of(description.model()),
                        Parts.all(description.model(), description.specs()).stream()
                                .map(Layer.Part::layer))
                .filter(Embedding.class::isInstance)
                .mapToLong(layer -> ((Embedding) layer).inputDim())
                .max()
                .orElse(0);
    }

    /** The best of three calls with one row of zeros. */
    double microsecondsOfARow() {
        List<Object> inputs = new ArrayList<>();
        for (Field field : description.inputs()) {
            int each = field.isRagged()
                    ? field.unit() * (int) Math.min(STEPS, field.shape().size(0))
                    : field.elements();
            inputs.add(field.dtype() == DType.INT64 ? new long[each] : new float[each]);
        }
        double best = Double.MAX_VALUE;
        run(inputs, 1);
        for (int i = 0; i < 3; i++) {
            long start = System.nanoTime();
            run(inputs, 1);
            best = Math.min(best, (System.nanoTime() - start) / 1e3);
        }
        return best;
    }

    @Override
    public String name() {
        return threads == 1 ? "onnxruntime" : "onnxruntime on " + threads + " threads";
    }

    @Override
    public List<float[]> run(List<?> inputs, int rows) {
        Scratch scratch = scratch();
        Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
        try {
            boolean first = true;
            for (int i = 0; i < inputs.size(); i++) {
                Field field = description.inputs().get(i);
                put(field, inputs.get(i), rows, scratch, tensors);
                if (field.isRagged()) {
                    String mask = first ? Batch.MASK : field.name() + "_" + Batch.MASK;
                    first = false;
                    if (names.contains(mask)) {
                        long steps = length(inputs.get(i)) / rows / field.unit();
                        tensors.put(mask, allReal(scratch, rows, steps));
                    }
                }
            }
            try (OrtSession.Result result = session.run(tensors)) {
                List<float[]> outputs = new ArrayList<>(result.size());
                for (int i = 0; i < result.size(); i++) {
                    outputs.add(values((OnnxTensor) result.get(i)));
                }
                return outputs;
            }
        } catch (OrtException e) {
            if (String.valueOf(e.getMessage()).contains(BEYOND_TABLE)) {
                throw new InputException(
                        "expected ids of the embeddings that look them up, received another one: " + e.getMessage(), e);
            }
            throw new FailureException("ONNX Runtime cannot run the network: " + e.getMessage(), e);
        } finally {
            tensors.values().forEach(OnnxTensor::close);
            if (scratch.giveBack()) {
                free.push(scratch);
            }
        }
    }

    private Scratch scratch() {
        Scratch found = free.poll();
        return found == null ? new Scratch() : found;
    }

    /** The runtime hands over an array of its own, which nobody else has. */
    private static float[] values(OnnxTensor tensor) {
        FloatBuffer from = tensor.getFloatBuffer();
        if (from.hasArray() && from.arrayOffset() == 0 && from.array().length == from.remaining()) {
            return from.array();
        }
        float[] to = new float[from.remaining()];
        from.get(to);
        return to;
    }

    private void put(Field field, Object values, int rows, Scratch scratch, Map<String, OnnxTensor> into)
            throws OrtException {
        if (field.meaning() instanceof Meaning.Parts parts) {
            int at = 0;
            for (Meaning.Parts.Part part : parts.inputs()) {
                if (names.contains(part.name())) {
                    FloatBuffer own = scratch.columns(values, rows, length(values) / rows, at, part.width());
                    into.put(part.name(), tensor(own, rows, part.width()));
                }
                at += part.width();
            }
            return;
        }
        long[] each = field.shape().toArray();
        long[] shape = new long[each.length + 1];
        shape[0] = rows;
        System.arraycopy(each, 0, shape, 1, each.length);
        if (field.isRagged()) {
            shape[1] = length(values) / rows / field.unit();
        }
        Buffer direct = scratch.direct(values);
        if (direct instanceof LongBuffer ids) {
            requireKnown(field, ids);
        }
        into.put(field.name(), tensor(direct, shape));
    }

    /** ONNX counts negative ids from the end of a table, where the model refuses them. */
    private void requireKnown(Field field, LongBuffer ids) {
        for (int i = 0; vocabulary > 0 && i < ids.remaining(); i++) {
            long id = ids.get(ids.position() + i);
            if (id < 0 || id >= vocabulary) {
                throw new InputException(
                        field.name() + ": expected ids from 0 to " + (vocabulary - 1) + ", received " + id);
            }
        }
    }

    private static OnnxTensor tensor(Buffer direct, long... shape) throws OrtException {
        return direct instanceof FloatBuffer floats
                ? OnnxTensor.createTensor(OnnxRuntime.environment(), floats, shape)
                : OnnxTensor.createTensor(OnnxRuntime.environment(), (LongBuffer) direct, shape);
    }

    private static OnnxTensor allReal(Scratch scratch, long rows, long steps) throws OrtException {
        ByteBuffer real = scratch.bytes(Math.toIntExact(rows * steps));
        for (int i = 0; i < real.remaining(); i++) {
            real.put(i, (byte) 1);
        }
        return OnnxTensor.createTensor(OnnxRuntime.environment(), real, new long[] {rows, steps}, OnnxJavaType.BOOL);
    }

    static int length(Object values) {
        return values instanceof float[] floats
                ? floats.length
                : values instanceof long[] longs ? longs.length : ((Buffer) values).remaining();
    }

    @Override
    public long residentBytes() {
        return bytes;
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new FailureException("ONNX Runtime cannot free the network: " + e.getMessage(), e);
        }
    }
}

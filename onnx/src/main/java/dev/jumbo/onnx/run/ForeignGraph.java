package dev.jumbo.onnx.run;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.jumbo.data.Field;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.infer.Engine;
import dev.jumbo.train.infer.SizedRow;
import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The graph of a foreign model over rows of the same lengths: what it takes and gives, as far as requests can say it. */
final class ForeignGraph implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(ForeignGraph.class);

    /** Up to here FLOAT32 holds every whole number. */
    private static final long EXACT = 1L << 24;

    private final OnnxSession session;
    private final List<Port> taken;
    private final List<Port> given;
    /** BOOL inputs that say which steps of another are real. */
    private final Map<String, Port> masks = new LinkedHashMap<>();

    private final List<Field> inputs;
    private final boolean single;
    private final @Nullable FreePorts shapes;

    private final boolean controlFlow;

    /**
     * @param controlFlow whether it has loops or branches
     * @param file for the log
     * @throws InputException if requests cannot say what it takes, or it gives no numbers
     */
    ForeignGraph(OnnxSession session, boolean controlFlow, Path file) {
        this.session = session;
        this.controlFlow = controlFlow;
        List<Port> all = ports(session, true, file);
        given = ports(session, false, file);
        boolean free = all.stream().anyMatch(Port::isFree) || given.stream().anyMatch(Port::isFree);
        for (Port port : free ? List.<Port>of() : all) {
            all.stream().filter(port::isMaskOf).findFirst().ifPresent(of -> masks.put(port.name(), of));
        }
        taken = all.stream().filter(port -> !masks.containsKey(port.name())).toList();
        if (taken.isEmpty()) {
            throw new InputException(OnnxPredictor.FILE + ": expected one input or more, received a model with none");
        }
        single = !all.stream().allMatch(Port::hasBatch);
        for (Port port : all) {
            if (single ? !port.isSingle() : !port.hasBatch()) {
                throw new InputException(OnnxPredictor.FILE
                        + ": expected inputs whose first size is the batch, one that varies or 1 of all, received "
                        + all + "; export the model with a batch dimension that varies");
            }
        }
        inputs = taken.stream().map(port -> port.field(List.of(), free)).toList();
        shapes = free ? new FreePorts(taken, given) : null;
    }

    /** The sizes that callers choose; null where they choose none but the steps of a sequence. */
    @Nullable
    FreePorts shapes() {
        return shapes;
    }

    private static List<Port> ports(OnnxSession session, boolean inputs, Path file) {
        try {
            List<Port> ports = new ArrayList<>();
            Map<String, NodeInfo> all = inputs
                    ? session.session().getInputInfo()
                    : session.session().getOutputInfo();
            for (NodeInfo info : all.values()) {
                Port port = Port.of(info);
                if (inputs && port == null) {
                    throw new InputException(OnnxPredictor.FILE + ": " + info.getName()
                            + ": expected a tensor as input, received " + info.getInfo());
                }
                if (inputs) {
                    requireTaken(info);
                }
                if (port == null || (!inputs && port.isText())) {
                    LOG.warn("{}: the output {} is left out, as it holds no numbers", file, info.getName());
                } else {
                    ports.add(port);
                }
            }
            if (ports.isEmpty() && !inputs) {
                throw new InputException(OnnxPredictor.FILE + ": expected an output of numbers, received none; of a"
                        + " classifier of scikit-learn, export without zipmap");
            }
            return ports;
        } catch (OrtException e) {
            throw new FailureException("ONNX Runtime cannot describe the model: " + OnnxRuntime.words(e), e);
        }
    }

    /** ONNX Runtime's tensors of Java have no unsigned types but UINT8, and say INT32 of UINT32. */
    private static void requireTaken(NodeInfo info) {
        if (!(info.getInfo() instanceof TensorInfo tensor)) {
            return;
        }
        String type = tensor.onnxType.name().replace("ONNX_TENSOR_ELEMENT_DATA_TYPE_", "");
        String instead = switch (type) {
            case "UINT64", "UINT32" -> "INT64";
            case "UINT16", "INT16" -> "INT32";
            case "BFLOAT16" -> "FLOAT";
            default -> "";
        };
        if (!instead.isEmpty()) {
            throw new InputException(OnnxPredictor.FILE + ": expected the input " + info.getName()
                    + " to be FLOAT, FLOAT16, DOUBLE, INT64, INT32, INT8, UINT8, BOOL or STRING, received " + type
                    + ", of which requests cannot be given to ONNX Runtime; export the model with an input of "
                    + instead + " and a Cast to " + type + " behind it");
        }
    }

    /** Answers are FLOAT32: a whole number that it would round is no answer. */
    private static void requireExact(Port port, OnnxArray output) {
        boolean whole = output.values() instanceof long[] || output.values() instanceof int[];
        for (int i = 0; whole && i < Array.getLength(output.values()); i++) {
            long value = Array.getLong(output.values(), i);
            boolean exact = Math.abs(value) <= EXACT || ((long) (float) value == value && value != Long.MAX_VALUE);
            if (!exact) {
                throw new FailureException("expected whole numbers up to " + EXACT + " in the output " + port.name()
                        + " of the model, or ones that FP32 holds exactly, received " + value + ", which would become "
                        + new BigDecimal((float) value).toPlainString()
                        + "; give it as two outputs, as of its quotient and remainder by " + EXACT
                        + ", or as a text");
            }
        }
    }

    List<Field> inputs() {
        return inputs;
    }

    List<Port> outputs() {
        return given;
    }

    /**
     * Whether rows are to run one after the other: the batch is 1, each row has sizes of its own, one value of a batch may decide what is
     * computed, or texts are asked, of which none can be made to look for safe sizes.
     */
    boolean runsAlone() {
        return single || controlFlow || shapes != null || taken.stream().anyMatch(Port::isText);
    }

    @Override
    public String name() {
        return "onnxruntime";
    }

    @Override
    public List<float[]> run(List<?> values, int rows) {
        Map<String, OnnxArray> tensors = new LinkedHashMap<>();
        Map<String, Long> steps = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            Port port = taken.get(i);
            SizedRow row = values.get(i) instanceof SizedRow one ? one : null;
            Object flat = Values.flat(row == null ? values.get(i) : row.values());
            long[] shape = port.sizes().stream().mapToLong(size -> size).toArray();
            shape[0] = rows;
            if (shapes != null && !port.isText()) {
                shape = shapes.shapes(values).get(i).prepend(rows).toArray();
            }
            if (inputs.get(i).isRagged()) {
                shape[1] = Values.length(flat) / rows / inputs.get(i).unit();
                steps.put(port.name(), shape[1]);
            }
            for (int dim = 1; dim < shape.length; dim++) {
                shape[dim] = shape[dim] == -1 ? 1 : shape[dim]; // A text has sizes of 1 alone.
            }
            tensors.put(port.name(), new OnnxArray(Values.as(port.type(), flat, port.name()), shape));
        }
        masks.forEach((name, of) -> {
            long length = steps.getOrDefault(of.name(), 1L);
            boolean[] real = new boolean[Math.toIntExact(rows * length)];
            Arrays.fill(real, true);
            tensors.put(name, new OnnxArray(real, rows, length));
        });
        Map<String, OnnxArray> made = session.run(tensors);
        List<float[]> outputs = new ArrayList<>();
        List<Shape> sizes = new ArrayList<>();
        for (Port port : given) {
            OnnxArray output = made.get(port.name());
            if (output == null || output.shape().length == 0 || output.shape()[0] != rows) {
                throw new FailureException("expected " + rows + " rows in the output " + port.name()
                        + " of the model, received the shape "
                        + (output == null ? "of none" : Arrays.toString(output.shape())));
            }
            requireExact(port, output);
            outputs.add(output.toFloats());
            sizes.add(Shape.of(output.shape()).slice(1, output.shape().length));
        }
        if (shapes != null) {
            shapes.computed(values, sizes);
        }
        return outputs;
    }

    /** Not known of a model of another tool. */
    @Override
    public long residentBytes() {
        return 0;
    }

    @Override
    public void close() {
        session.close();
    }
}

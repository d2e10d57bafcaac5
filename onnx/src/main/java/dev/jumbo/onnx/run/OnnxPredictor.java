package dev.jumbo.onnx.run;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.Shape;
import dev.jumbo.train.Predictor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model of another tool, {@code model.onnx} in a directory, that answers. Its fields are the inputs and outputs of the graph: the first
 * size is the batch (one that varies, or 1: then rows run one after the other), the size behind it may vary too. Numbers go as FLOAT32,
 * whole ones and truth values as INT64, texts as texts; outputs that are no numbers are left out. Nothing is done to inputs: pictures arrive as
 * values from 0 to 255, {@code [channels, height, width]}.
 *
 * <p>Names of classes come from the file's metadata, or from {@code labels.txt} beside it, a name a line; the output is then one of
 * probabilities.
 */
public final class OnnxPredictor implements Predictor {
    /** The name under which a directory has one. */
    public static final String FILE = "model.onnx";

    private static final Logger LOG = LoggerFactory.getLogger(OnnxPredictor.class);

    private final OnnxSession session;
    private final List<Port> ports;
    private final Map<String, Port> masks;
    private final List<Field> inputs;
    private final List<Port> given;
    private final List<Field> outputs;
    private final boolean single;

    private OnnxPredictor(OnnxSession session, Map<String, String> metadata, List<String> labels) {
        this.session = session;
        List<Port> all = ports(session, true);
        masks = new LinkedHashMap<>();
        for (Port port : all) {
            all.stream().filter(port::isMaskOf).findFirst().ifPresent(of -> masks.put(port.name(), of));
        }
        ports = all.stream().filter(port -> !masks.containsKey(port.name())).toList();
        if (ports.isEmpty()) {
            throw new InputException(FILE + ": expected one input or more, received a model with none");
        }
        given = ports(session, false);
        single = !all.stream().allMatch(Port::hasBatch);
        for (Port port : all) {
            if (single ? !port.isSingle() : !port.hasBatch()) {
                throw new InputException(
                        FILE + ": expected inputs whose first size is the batch, one that varies or 1 of all,"
                                + " received " + all + "; export the model with a batch dimension that varies");
            }
        }
        inputs = ports.stream().map(port -> port.field(List.of())).toList();
        outputs = new ArrayList<>();
        for (Port port : given) {
            outputs.add(output(port, Labels.of(port, metadata, outputs.isEmpty() ? labels : List.of())));
        }
    }

    /**
     * The model of a directory.
     *
     * @param directory with {@code model.onnx}, files of its parameters if it has some, and {@code labels.txt} if there is one
     * @throws InputException if there is none, it is damaged, wants files read that are not in the directory, or has operators or inputs
     *     that are not known here
     */
    public static OnnxPredictor open(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new InputException("expected " + FILE + " in " + directory.getFileName() + ", received "
                    + (Files.isDirectory(directory) ? "a directory without it" : "no directory"));
        }
        FileScan scan = FileScan.of(file);
        List<String> labels = Labels.beside(file);
        OnnxSession session = OnnxSession.open(file);
        try {
            return new OnnxPredictor(session, scan.metadata(), labels);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static List<Port> ports(OnnxSession session, boolean inputs) {
        try {
            List<Port> ports = new ArrayList<>();
            for (NodeInfo info : (inputs
                            ? session.session().getInputInfo()
                            : session.session().getOutputInfo())
                    .values()) {
                Port port = Port.of(info);
                if (inputs && port == null) {
                    throw new InputException(
                            FILE + ": " + info.getName() + ": expected a tensor as input, received " + info.getInfo());
                }
                if (port == null || (!inputs && port.isText())) {
                    LOG.warn("{}: the output {} is left out, as it holds no numbers", FILE, info.getName());
                } else {
                    ports.add(port);
                }
            }
            if (ports.isEmpty() && !inputs) {
                throw new InputException(FILE + ": expected an output of numbers, received none; of a classifier of"
                        + " scikit-learn, export without zipmap");
            }
            return ports;
        } catch (OrtException e) {
            throw new FailureException("ONNX Runtime cannot describe the model: " + e.getMessage(), e);
        }
    }

    /** Of what is known before a run; an output without a batch is one value a row where the batch is 1. */
    private Field output(Port port, List<String> classes) {
        if (port.sizes().isEmpty() || !(port.hasBatch() || port.isSingle())) {
            throw new InputException(FILE + ": expected outputs whose first size is the batch, received " + port);
        }
        Field field = new Port(port.name(), OnnxJavaType.FLOAT, port.sizes(), port.sizeNames()).field(classes);
        return classes.isEmpty() || field.isRagged()
                ? field
                : new Field(port.name(), field.shape(), field.dtype(), classes);
    }

    @Override
    public List<Field> rawInputs() {
        return inputs;
    }

    @Override
    public List<Field> inputs() {
        return inputs;
    }

    @Override
    public List<Field> outputs() {
        return outputs;
    }

    @Override
    public float[] prepare(float[] raw) {
        return raw.clone();
    }

    @Override
    public List<float[]> predictRaw(List<Column> raw) {
        if (raw.size() != inputs.size()) {
            throw new InputException("expected " + inputs.size() + " inputs, received " + raw.size());
        }
        return predict(raw.stream().map(Values::of).toList(), raw.get(0).rows());
    }

    /** Rows of one length run together, so that no padding is seen by a model that knows none. */
    @Override
    public List<float[]> predict(List<?> values, int rows) {
        if (values.size() != inputs.size()) {
            throw new InputException("expected " + inputs.size() + " inputs, received " + values.size());
        }
        if (rows < 1) {
            throw new InputException("expected one row or more to predict, received " + rows);
        }
        Map<List<Integer>, List<Integer>> groups = new LinkedHashMap<>();
        Object[][] each = new Object[rows][inputs.size()];
        for (int row = 0; row < rows; row++) {
            List<Integer> lengths = new ArrayList<>();
            for (int i = 0; i < inputs.size(); i++) {
                each[row][i] = row(inputs.get(i), values.get(i), row, rows);
                lengths.add(Values.length(each[row][i]));
            }
            List<Integer> key = single ? List.of(row) : lengths;
            groups.computeIfAbsent(key, k -> new ArrayList<>()).add(row);
        }
        Map<Integer, List<float[]>> answers = new TreeMap<>();
        for (List<Integer> group : groups.values()) {
            List<float[]> made = run(group, each);
            for (int i = 0; i < group.size(); i++) {
                List<float[]> own = new ArrayList<>();
                for (float[] output : made) {
                    int width = output.length / group.size();
                    own.add(Arrays.copyOfRange(output, i * width, (i + 1) * width));
                }
                answers.put(group.get(i), own);
            }
        }
        return joined(answers, rows);
    }

    private static Object row(Field field, Object given, int row, int rows) {
        if (!(given instanceof Object[] arrays) || given instanceof String[]) {
            int length = Values.length(given);
            if (length % rows != 0 || (!field.isRagged() && length / rows != field.elements())) {
                throw new InputException(
                        "expected " + rows + " rows of the input " + field + ", received " + length + " values");
            }
        } else if (arrays.length != rows) {
            throw new InputException(
                    "expected " + rows + " rows of the input " + field + ", received " + arrays.length + " arrays");
        }
        Object own = Values.flat(given, row, rows);
        int length = Values.length(own);
        if (field.isRagged() && (length == 0 || length % field.unit() != 0 || length > field.elements())) {
            throw new InputException("expected 1 to " + field.shape().size(0) + " steps of " + field.unit()
                    + " in each row of the input " + field.name() + ", received " + length + " values in row " + row);
        }
        return own;
    }

    private List<float[]> run(List<Integer> rows, Object[][] each) {
        Map<String, OnnxArray> tensors = new LinkedHashMap<>();
        Map<String, Long> steps = new LinkedHashMap<>();
        for (int i = 0; i < inputs.size(); i++) {
            Field field = inputs.get(i);
            Port port = ports.get(i);
            int width = Values.length(each[rows.get(0)][i]);
            Object joined = java.lang.reflect.Array.newInstance(
                    each[rows.get(0)][i].getClass().getComponentType(), width * rows.size());
            for (int r = 0; r < rows.size(); r++) {
                System.arraycopy(each[rows.get(r)][i], 0, joined, r * width, width);
            }
            long[] shape = port.sizes().stream().mapToLong(size -> size).toArray();
            shape[0] = rows.size();
            if (field.isRagged()) {
                shape[1] = width / field.unit();
                steps.put(port.name(), shape[1]);
            }
            for (int dim = 1; dim < shape.length; dim++) {
                shape[dim] = shape[dim] == -1 ? 1 : shape[dim]; // A text has sizes of 1 alone.
            }
            tensors.put(port.name(), new OnnxArray(Values.as(port.type(), joined, port.name()), shape));
        }
        masks.forEach((name, of) -> {
            long length = steps.getOrDefault(of.name(), 1L);
            boolean[] real = new boolean[(int) (rows.size() * length)];
            Arrays.fill(real, true);
            tensors.put(name, new OnnxArray(real, rows.size(), length));
        });
        Map<String, OnnxArray> made = session.run(tensors);
        List<float[]> outputs = new ArrayList<>();
        for (Port port : given) {
            OnnxArray output = made.get(port.name());
            if (output == null || output.shape().length == 0 || output.shape()[0] != rows.size()) {
                throw new FailureException("expected " + rows.size() + " rows in the output " + port.name()
                        + " of the model, received the shape "
                        + (output == null ? "of none" : Shape.of(output.shape())));
            }
            outputs.add(output.toFloats());
        }
        return outputs;
    }

    /** Behind each other, shorter ones filled up with zeros. */
    private List<float[]> joined(Map<Integer, List<float[]>> answers, int rows) {
        List<float[]> all = new ArrayList<>();
        for (int output = 0; output < outputs.size(); output++) {
            int at = output;
            int width = answers.values().stream()
                    .mapToInt(own -> own.get(at).length)
                    .max()
                    .orElse(0);
            if (!outputs.get(output).isRagged() && width != outputs.get(output).elements()) {
                throw new FailureException("expected " + outputs.get(output).elements() + " values in each row of the"
                        + " output " + outputs.get(output).name() + " of the model, received " + width);
            }
            float[] joined = new float[Math.multiplyExact(width, rows)];
            answers.forEach((row, own) -> System.arraycopy(own.get(at), 0, joined, row * width, own.get(at).length));
            Labels.requireProbabilities(outputs.get(output), joined);
            all.add(joined);
        }
        return all;
    }

    @Override
    public void close() {
        session.close();
    }
}

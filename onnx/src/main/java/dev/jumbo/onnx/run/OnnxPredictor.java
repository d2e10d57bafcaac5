package dev.jumbo.onnx.run;

import ai.onnxruntime.OnnxJavaType;
import dev.jumbo.data.Column;
import dev.jumbo.data.Field;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Spec;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.answer.Answers;
import dev.jumbo.train.answer.RowOutputs;
import dev.jumbo.train.infer.ChosenEngine;
import dev.jumbo.train.infer.FreeShapes;
import dev.jumbo.train.infer.SizedRow;
import dev.jumbo.train.infer.SteadyEngine;
import java.lang.reflect.Array;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A model of another tool, {@code model.onnx} in a directory, that answers. Its fields are the inputs and outputs of the graph: the first
 * size is the batch (one that varies, or 1: then rows run one after the other), the size behind it may vary too, as the steps of a
 * sequence; where others vary, all are the caller's to choose ({@link FreeShapes}) and rows run one after the other. Numbers go as FLOAT32,
 * whole ones and truth values as INT64, texts as texts; outputs that are no numbers are left out. Nothing is done to inputs: pictures arrive as
 * values from 0 to 255, {@code [channels, height, width]}.
 *
 * <p>Names of classes come from the file's metadata, or from {@code labels.txt} beside it, a name a line; the output is then one of
 * probabilities.
 */
public final class OnnxPredictor implements Predictor {
    /** The name under which a directory has one. */
    public static final String FILE = "model.onnx";

    /** What servers call models of this kind. */
    public static final String PLATFORM = "onnxruntime_onnx";

    private final ForeignGraph graph;
    private final SteadyEngine steady;
    private final List<Field> inputs;
    private final List<Field> outputs;

    private OnnxPredictor(ForeignGraph graph, Map<String, String> metadata, List<String> labels) {
        this.graph = graph;
        inputs = graph.inputs();
        outputs = new ArrayList<>();
        for (Port port : graph.outputs()) {
            outputs.add(output(
                    port, Labels.of(port, metadata, outputs.isEmpty() ? labels : List.of()), graph.shapes() != null));
        }
        steady = SteadyEngine.of(graph, inputs);
    }

    /**
     * The model of a directory. Files of parameters beside it are copied first: whoever changes one later changes no answer.
     *
     * @param directory with {@code model.onnx}, files of its parameters if it has some, and {@code labels.txt} if there is one
     * @throws InputException if there is none, it is damaged, wants files read that are not in the directory, or has operators or inputs
     *     that are not known here
     * @throws FailureException if there is no room for the copy
     */
    public static OnnxPredictor open(Path directory) {
        Path file = directory.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new InputException("expected " + FILE + " in " + directory.getFileName() + ", received "
                    + (Files.isDirectory(directory) ? "a directory without it" : "no directory"));
        }
        FileScan scan = FileScan.of(file);
        List<String> labels = Labels.beside(file);
        Set<String> outside = scan.outside();
        OnnxSession session = outside.isEmpty() ? OnnxSession.open(file) : OnnxSession.openCopy(file, outside);
        try {
            return new OnnxPredictor(new ForeignGraph(session, scan.hasControlFlow(), file), scan.metadata(), labels);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** Of what is known before a run; an output without a batch is one value a row where the batch is 1. */
    private static Field output(Port port, List<String> classes, boolean free) {
        if (port.sizes().isEmpty() || !(port.hasBatch() || port.isSingle())) {
            throw new InputException(FILE + ": expected outputs whose first size is the batch, received " + port);
        }
        Field field = new Port(port.name(), OnnxJavaType.FLOAT, port.sizes(), port.sizeNames()).field(classes, free);
        return classes.isEmpty() || field.isRagged()
                ? field
                : new Field(port.name(), field.shape(), field.dtype(), classes);
    }

    @Override
    public String platform() {
        return PLATFORM;
    }

    @Override
    public Optional<ChosenEngine> engine() {
        return Optional.of(new ChosenEngine(steady, FILE + " is a model of ONNX"));
    }

    @Override
    public Optional<FreeShapes> freeShapes() {
        return Optional.ofNullable(graph.shapes());
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
        return computeRaw(raw).values();
    }

    @Override
    public RowOutputs computeRaw(List<Column> raw) {
        if (raw.size() != inputs.size()) {
            throw new InputException("expected " + inputs.size() + " inputs, received " + raw.size());
        }
        return compute(raw.stream().map(Values::of).toList(), raw.get(0).rows());
    }

    /** Whole numbers stay whole, which float32 would round above 16,777,216. */
    @Override
    public Answers answerRaw(double[] raw, int rows) {
        if (inputs.size() != 1
                || inputs.get(0).dtype() != DType.INT64
                || inputs.get(0).isRagged()) {
            return Predictor.super.answerRaw(raw, rows);
        }
        long[] whole = new long[raw.length];
        for (int i = 0; i < raw.length; i++) {
            whole[i] = (long) raw[i];
            if (whole[i] != raw[i]) {
                throw new InputException("the input " + inputs.get(0).name() + ": expected whole numbers, received "
                        + raw[i] + " at " + i);
            }
        }
        return answer(List.of(whole), rows);
    }

    @Override
    public List<float[]> predict(List<?> values, int rows) {
        return compute(values, rows).values();
    }

    /** Rows of one length run together, so that no padding is seen by a model that knows none. */
    private RowOutputs compute(List<?> values, int rows) {
        if (values.size() != inputs.size()) {
            throw new InputException("expected " + inputs.size() + " inputs, received " + values.size());
        }
        if (rows < 1) {
            throw new InputException("expected one row or more to predict, received " + rows);
        }
        for (int i = 0; i < rows; i++) {
            for (int input = 0; input < inputs.size(); input++) {
                requireFitting(inputs.get(input), values.get(input), i, rows);
            }
        }
        RowOutputs made = graph.runsAlone() ? oneByOne(values, rows) : steady.rows(values, rows);
        for (int i = 0; i < made.values().size(); i++) {
            requireSize(outputs.get(i), made.values().get(i).length, rows);
            Labels.requireProbabilities(outputs.get(i), made.values().get(i));
        }
        return made;
    }

    private void requireFitting(Field field, Object given, int row, int rows) {
        if (given instanceof SizedRow[] all) {
            requireFitting(field, all, row, rows);
            return;
        }
        boolean arrays = given instanceof float[][] || given instanceof long[][];
        int held = arrays ? Array.getLength(given) : Values.length(given);
        if (arrays ? held != rows : held % rows != 0 || (!field.isRagged() && held / rows != field.elements())) {
            throw new InputException("expected " + rows + " rows of the input " + field + ", received " + held
                    + (arrays ? " arrays" : " values"));
        }
        if (!field.isRagged()) {
            return;
        }
        int length = arrays ? Array.getLength(Array.get(given, row)) : held / rows;
        if (length == 0 || length % field.unit() != 0 || length > field.elements()) {
            throw new InputException("expected 1 to " + field.shape().size(0) + " steps of " + field.unit()
                    + " in each row of the input " + field.name() + ", received " + length + " values in row " + row);
        }
    }

    private void requireFitting(Field field, SizedRow[] all, int row, int rows) {
        Spec spec = graph.shapes() == null ? null : graph.shapes().of(field.name());
        boolean fits = spec != null
                && all.length == rows
                && spec.allows(all[row].shape())
                && all[row].shape().elements() > 0
                && Array.getLength(all[row].values()) == all[row].shape().elements();
        if (!fits) {
            throw new InputException("expected " + rows + " rows of the input " + field.name() + " "
                    + (spec == null ? field.shape() : spec) + ", received " + all.length + ", of them row " + row
                    + " of " + (row < all.length ? all[row].shape() : "none"));
        }
    }

    private RowOutputs oneByOne(List<?> values, int rows) {
        List<List<float[]>> each = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            int at = row;
            each.add(graph.run(
                    values.stream().map(value -> Values.row(value, at, rows)).toList(), 1));
        }
        for (int i = 0; i < outputs.size(); i++) {
            if (graph.shapes() != null && graph.shapes().of(outputs.get(i).name()) != null) {
                requireSameSize(outputs.get(i), each, i);
            }
        }
        return RowOutputs.ofEach(each);
    }

    /** An answer has one shape for all its rows. */
    private static void requireSameSize(Field field, List<List<float[]>> rows, int output) {
        int width = rows.get(0).get(output).length;
        for (int row = 0; row < rows.size(); row++) {
            int own = rows.get(row).get(output).length;
            if (own != width) {
                throw new InputException("expected rows of one size, and outputs that do not depend on values in size,"
                        + " received " + own + " values of the output " + field.name() + " for row " + row + " and "
                        + width + " for another; send a request for each row");
            }
        }
    }

    private void requireSize(Field output, int values, int rows) {
        boolean free = graph.shapes() != null && graph.shapes().of(output.name()) != null;
        if (!free && !output.isRagged() && values != (long) rows * output.elements()) {
            throw new FailureException("expected " + output.elements() + " values in each row of the output "
                    + output.name() + " of the model, received " + values / rows);
        }
    }

    @Override
    public void close() {
        graph.close();
    }
}

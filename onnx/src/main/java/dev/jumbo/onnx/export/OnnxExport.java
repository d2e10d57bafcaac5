package dev.jumbo.onnx.export;

import dev.jumbo.data.Field;
import dev.jumbo.error.InputException;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.adapt.Changes;
import dev.jumbo.onnx.format.OnnxGraph;
import dev.jumbo.onnx.format.OnnxModel;
import dev.jumbo.onnx.format.OnnxPort;
import dev.jumbo.onnx.graph.ParameterSource;
import dev.jumbo.onnx.graph.Sheet;
import dev.jumbo.onnx.graph.Unsayable;
import dev.jumbo.onnx.graph.Value;
import dev.jumbo.onnx.graph.Values;
import dev.jumbo.tensor.Specs;
import dev.jumbo.train.checkpoint.Checkpoint;
import dev.jumbo.train.checkpoint.ModelFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A model as a file of ONNX: what it computes in inference, in fp32, with the batch as a size that varies. Dropout is left out, batch
 * normalisation goes by its running statistics, and outputs are what {@code predict} gives: probabilities for classes, numbers in the
 * target's own unit.
 *
 * <pre>{@code
 * OnnxExport.of(Checkpoint.best(run)).model().write(Path.of("digits.onnx"));
 * }</pre>
 *
 * Inputs and outputs have the names of the checkpoint's fields. By default inputs are raw ones, and what ONNX can say of their
 * preprocessing is in the file ({@link #unsaid} is the rest); {@link #prepared} takes them as the network does.
 */
public final class OnnxExport {
    /** The oldest version that has LayerNormalization; what later ones add is written out. */
    public static final int OPSET = 17;

    /** The newest version that the tests cover. */
    public static final int NEWEST_OPSET = 23;

    private final Layer layer;
    private final Specs inputs;
    private final ParameterSource parameters;
    private final @Nullable ModelFile file;
    private final int opset;
    private final boolean raw;

    private OnnxExport(
            Layer layer, Specs inputs, ParameterSource parameters, @Nullable ModelFile file, int opset, boolean raw) {
        this.layer = layer;
        this.inputs = inputs;
        this.parameters = parameters;
        this.file = file;
        this.opset = opset;
        this.raw = raw;
    }

    /** Of a checkpoint; parameters are read one by one when the file is written. */
    public static OnnxExport of(Checkpoint checkpoint) {
        ModelFile file = checkpoint.description();
        return new OnnxExport(
                file.model(), file.specs(), ParameterSource.of(checkpoint.weightsFile()), file, OPSET, true);
    }

    /** Of a description with a model that was built from it, which stays open until the file is written. */
    public static OnnxExport of(ModelFile file, Model model) {
        return new OnnxExport(file.model(), file.specs(), ParameterSource.of(model), file, OPSET, true);
    }

    /** Of a model alone, which has no fields: inputs and outputs go by its own names, and outputs are as the layers give them. */
    public static OnnxExport of(Model model) {
        return new OnnxExport(model.layer(), model.inputs(), ParameterSource.of(model), null, OPSET, false);
    }

    /** With operators of another version. @throws InputException unless it is from {@value #OPSET} to {@value #NEWEST_OPSET} */
    public OnnxExport opset(int version) {
        if (version < OPSET || version > NEWEST_OPSET) {
            throw new InputException("opset: expected " + OPSET + " to " + NEWEST_OPSET + ", received " + version);
        }
        return new OnnxExport(layer, inputs, parameters, file, version, raw);
    }

    /** With inputs as the network takes them, behind preprocessing. */
    public OnnxExport prepared() {
        return new OnnxExport(layer, inputs, parameters, file, opset, false);
    }

    /**
     * The model, drawn; parameters are read when it is written.
     *
     * @throws InputException if a layer cannot be said in ONNX, naming the paths and reasons of all, or the model has an adapter
     */
    public OnnxModel model() {
        if (!Changes.of(layer, inputs).changed().isEmpty()) {
            throw new InputException(
                    "expected a model without an adapter, as files of ONNX have no form for one beside its base,"
                            + " received one with an adapter; merge it with its base first (jumbo merge RUN --out DIR), and export"
                            + " the merged run");
        }
        Sheet sheet = new Sheet(opset, Drawings.all(), parameters, layer, inputs);
        Ports ports = new Ports(inputs);
        Map<String, String> refused = new LinkedHashMap<>();
        Inputs taken;
        try {
            taken = raw && file != null ? Inputs.raw(sheet, inputs, file) : Inputs.prepared(sheet, inputs);
        } catch (Unsayable e) {
            refused.put("preprocessing", String.valueOf(e.getMessage()));
            taken = Inputs.prepared(sheet, inputs);
        }
        Values made = sheet.drawing().layer(layer, taken.values());
        List<OnnxPort> out = new ArrayList<>();
        refused.putAll(sheet.refused());
        int at = 0;
        for (String name : Model.outputs(layer, inputs).names()) {
            Value value = made.require(name);
            String wanted = outputName(at, name, taken.ports());
            String result = value.name();
            try {
                if (file != null) {
                    result = Predictions.of(
                            file.lossOf(at), result, sheet.drawing().at(wanted));
                }
            } catch (Unsayable e) {
                refused.put(wanted, String.valueOf(e.getMessage()));
            }
            // A value of its own, as the last layer's may be another output too, or an input.
            sheet.output(result, wanted);
            out.add(ports.output(wanted, value.spec()));
            at++;
        }
        requireSaid(refused);
        OnnxGraph graph = new OnnxGraph("jumbo", taken.ports(), out, sheet.constants(), sheet.nodes());
        return new OnnxModel(opset, Metadata.version(), graph, Metadata.of(file));
    }

    private String outputName(int at, String name, List<OnnxPort> taken) {
        String field = file == null || at >= file.targets().size()
                ? name
                : file.targets().get(at).name();
        return taken.stream().anyMatch(port -> port.name().equals(field)) ? field + "_out" : field;
    }

    private static void requireSaid(Map<String, String> refused) {
        if (!refused.isEmpty()) {
            StringBuilder all = new StringBuilder("the model cannot be said in ONNX");
            refused.forEach((path, reason) -> all.append(System.lineSeparator())
                    .append("  ")
                    .append(path)
                    .append(": ")
                    .append(reason));
            throw new InputException(all.toString());
        }
    }

    /** What is done to inputs before the file's own, as ONNX has no words for it, and what to give instead: a line each. */
    public List<String> unsaid() {
        return file == null ? List.of() : Unsaid.of(file, raw);
    }

    /** What a file with raw inputs takes: the model's raw inputs, or what transforms that ONNX has no words for make of them. */
    public static List<Field> rawFields(ModelFile file) {
        return Inputs.fields(file);
    }

    /** Whether inputs are raw ones. */
    public boolean isRaw() {
        return raw;
    }
}

package dev.jumbo.onnx.export;

import dev.jumbo.data.Field;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.NoPreprocessing;
import dev.jumbo.data.Normalization;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.table.encode.TableEncoding;
import dev.jumbo.data.transform.OpenTransforms;
import dev.jumbo.nn.Masks;
import dev.jumbo.onnx.format.ElementType;
import dev.jumbo.onnx.format.OnnxPort;
import dev.jumbo.onnx.graph.Drawing;
import dev.jumbo.onnx.graph.Sheet;
import dev.jumbo.onnx.graph.Unsayable;
import dev.jumbo.onnx.graph.Value;
import dev.jumbo.onnx.graph.Values;
import dev.jumbo.onnx.layers.Functions;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.train.checkpoint.ModelFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a file takes: raw inputs with their preprocessing as nodes, or what the network itself takes. */
final class Inputs {
    private final Sheet sheet;
    private final Ports ports;
    private final List<OnnxPort> taken = new ArrayList<>();
    private final Map<String, Value> given = new LinkedHashMap<>();

    private Inputs(Sheet sheet, Specs specs) {
        this.sheet = sheet;
        this.ports = new Ports(specs);
    }

    List<OnnxPort> ports() {
        return taken;
    }

    /** What the network is given. */
    Values values() {
        return Values.of(given);
    }

    /** As the network takes them. */
    static Inputs prepared(Sheet sheet, Specs specs) {
        Inputs inputs = new Inputs(sheet, specs);
        specs.byName().forEach((name, spec) -> inputs.given.put(name, inputs.take(name, spec)));
        return inputs;
    }

    /** As callers have them, behind transforms. @throws Unsayable if the preprocessing is none that is known here */
    static Inputs raw(Sheet sheet, Specs specs, ModelFile file) {
        Inputs inputs = new Inputs(sheet, specs);
        List<Field> fields = fields(file);
        List<Value> values = new ArrayList<>();
        fields.forEach(field -> values.add(inputs.take(field.name(), field.spec())));
        Map<String, Value> masks = new LinkedHashMap<>();
        specs.byName().forEach((name, spec) -> {
            if (spec.dtype() == DType.BOOL
                    && fields.stream().noneMatch(f -> f.name().equals(name))) {
                masks.put(name, inputs.take(name, spec));
            }
        });
        Drawing drawing = sheet.drawing().at("preprocessing");
        for (int i = 0; i < fields.size(); i++) {
            Field made = file.inputs().get(i);
            @Nullable Value mask = masks.get(i == 0 ? Masks.MASK : made.name() + "_" + Masks.MASK);
            Preprocessing how = file.preprocessing().of(i);
            inputs.put(made, prepared(how, fields.get(i), values.get(i), mask, drawing), drawing);
        }
        inputs.given.putAll(masks);
        return inputs;
    }

    /** Raw inputs, or what transforms make of them. */
    static List<Field> fields(ModelFile file) {
        return OpenTransforms.outputs(file.rawInputs(), file.answeringTransforms());
    }

    private Value take(String name, Spec spec) {
        sheet.reserve(name);
        taken.add(ports.input(name, spec));
        return new Value(name, spec);
    }

    /** Under the field's name, or its parts under theirs. */
    private void put(Field field, String prepared, Drawing to) {
        if (field.meaning() instanceof Meaning.Parts parts) {
            long at = 0;
            for (Meaning.Parts.Part part : parts.inputs()) {
                given.put(
                        part.name(),
                        new Value(Functions.slice(prepared, 1, at, at + part.width(), to), Spec.floats(part.width())));
                at += part.width();
            }
        } else {
            given.put(field.name(), new Value(prepared, field.narrow().spec()));
        }
    }

    private static String narrow(Field field, String value, Drawing to) {
        return field.dtype() == DType.FLOAT64 ? Functions.cast(value, ElementType.FLOAT, to) : value;
    }

    private static String prepared(
            @Nullable Preprocessing how, Field field, Value raw, @Nullable Value mask, Drawing to) {
        if (how == null || how instanceof NoPreprocessing || field.dtype() == DType.INT64) {
            return narrow(field, raw.name(), to);
        }
        if (how instanceof TableEncoding table) {
            return new TableDrawing(table, to).of(raw.name());
        }
        if (!(how instanceof Normalization normalization)) {
            throw new Unsayable("what " + how.getClass().getSimpleName()
                    + " does is known to its program alone; export with prepared inputs");
        }
        String scaled = scaled(normalization, field, raw.name(), to);
        if (mask == null) {
            return scaled;
        }
        // Padding is 0 for the network, whatever a caller fills it with.
        long[] behind = new long[raw.rank() - 2];
        Arrays.setAll(behind, d -> d + 2L);
        String real = behind.length == 0 ? mask.name() : to.node("Unsqueeze", mask.name(), to.integers(behind));
        return to.node("Where", real, scaled, to.real(0));
    }

    /** In float32 as it is done here, in double where origins or raw values are. */
    private static String scaled(Normalization how, Field field, String raw, Drawing to) {
        boolean wide = field.dtype() == DType.FLOAT64 || !how.origin().isEmpty();
        long[] shape = field.isRagged()
                ? field.shape().without(0).toArray()
                : field.shape().toArray();
        int channels = how.scale().size();
        if (channels > 1 && (shape.length == 0 || shape[0] != channels)) {
            throw new Unsayable(
                    "normalization has " + channels + " scales, which are not those of the first dimension of " + field
                            + "; export with prepared inputs");
        }
        long[] each = channels == 1 ? new long[0] : new long[shape.length];
        Arrays.fill(each, 1);
        if (channels > 1) {
            each[0] = channels;
        }
        if (!wide) {
            String scale = to.reals("scale", floats(how.scale()), each);
            return to.node("Add", to.node("Mul", raw, scale), to.reals("shift", floats(how.shift()), each));
        }
        String x = field.dtype() == DType.FLOAT64 ? raw : Functions.cast(raw, ElementType.DOUBLE, to);
        if (!how.origin().isEmpty()) {
            x = to.node("Sub", x, to.doubles("origin", doubles(how.origin()), each));
        }
        String scaled = to.node("Mul", x, to.doubles("scale", doubles(how.scale()), each));
        return Functions.cast(
                to.node("Add", scaled, to.doubles("shift", doubles(how.shift()), each)), ElementType.FLOAT, to);
    }

    private static double[] doubles(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static float[] floats(List<Double> values) {
        float[] narrow = new float[values.size()];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = values.get(i).floatValue();
        }
        return narrow;
    }
}

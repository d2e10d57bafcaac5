package dev.jumbo.onnx.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Model;
import dev.jumbo.nn.Pass;
import dev.jumbo.onnx.run.OnnxArray;
import dev.jumbo.onnx.run.OnnxSession;
import dev.jumbo.tensor.Autograd;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.RandomState;
import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Spec;
import dev.jumbo.tensor.Specs;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.tensor.Tensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A model here and the file of it in ONNX Runtime, on the same inputs. */
final class Parity {
    /** Files stay there for a check with other tools. */
    private static final @Nullable String KEEP = System.getProperty("onnx.keep");

    private static final double TOLERANCE = 1e-4;

    private final Layer layer;
    private final Specs inputs;
    private final long ids;
    private String kept = "";

    /** @param ids ids that an embedding knows */
    Parity(Layer layer, Specs inputs, long ids) {
        this.layer = layer;
        this.inputs = inputs;
        this.ids = ids;
    }

    /** The largest difference over several batch sizes, and for sizes that vary several of these. */
    void agrees(String name, int opset) {
        try (Model model = Model.build(layer, inputs, RandomState.of(7))) {
            disturb(model);
            byte[] file = OnnxExport.of(model).opset(opset).model().toBytes();
            kept = (name + "-" + opset).replaceAll("[^A-Za-z0-9._-]+", "_");
            keep(file);
            try (OnnxSession session = OnnxSession.of(file)) {
                for (int batch : new int[] {1, 2, 7}) {
                    for (int shorter :
                            inputs.all().stream().anyMatch(Spec::varies) ? new int[] {0, 1, 2} : new int[1]) {
                        compare(model, session, batch, shorter);
                    }
                }
            }
        }
    }

    private void keep(byte[] file) {
        if (KEEP != null) {
            try {
                Files.write(Path.of(KEEP).resolve(kept + ".onnx"), file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** What is expected, for another program to compare: a line each of name, type, shape, values. */
    private void keepValues(Map<String, OnnxArray> given, Tensors expected) {
        if (KEEP == null) {
            return;
        }
        List<String> lines = new ArrayList<>();
        given.forEach((name, array) -> lines.add("in " + name + " " + Arrays.toString(array.shape()) + " "
                + (array.values() instanceof float[] floats
                        ? Arrays.toString(floats)
                        : array.values() instanceof long[] ids
                                ? Arrays.toString(ids)
                                : Arrays.toString((boolean[]) array.values()))));
        expected.all()
                .forEach(made -> lines.add(
                        "out - " + Arrays.toString(made.shape().toArray()) + " " + Arrays.toString(made.toFloats())));
        try {
            Files.write(Path.of(KEEP).resolve(kept + ".txt"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Nothing stays 0 or 1, so that each parameter and buffer counts. */
    private static void disturb(Model model) {
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            Random random = new Random(3);
            Map<String, Tensor> state = new LinkedHashMap<>();
            // Of a tied one, the name that it has first.
            Set<String> own = new HashSet<>();
            model.store().toFile(range -> range.of(model.store().values())).forEach(source -> own.add(source.name()));
            model.state().forEach((name, value) -> {
                if (!own.contains(name)) {
                    return;
                }
                float[] values = value.toFloats();
                for (int i = 0; i < values.length; i++) {
                    float noise = (float) random.nextGaussian() * 0.1f;
                    values[i] = name.endsWith("running_var") ? 1 + Math.abs(noise) : values[i] + noise;
                }
                state.put(name, Tensor.of(values, value.shape()));
            });
            model.load(state);
        }
    }

    private void compare(Model model, OnnxSession session, int batch, int shorter) {
        Random random = new Random(11 + batch);
        Map<String, OnnxArray> given = new LinkedHashMap<>();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (Scope scope = Scope.open();
                Autograd off = Autograd.noGrad()) {
            inputs.byName().forEach((name, spec) -> {
                Shape shape = spec.shape();
                for (int dim : spec.varying()) {
                    shape = shape.with(dim, Math.max(1, shape.size(dim) - shorter));
                }
                Shape all = shape.prepend(batch);
                OnnxArray array = array(spec.dtype(), all, random);
                given.put(name, array);
                tensors.put(name, tensor(array, all));
            });
            Tensors expected = model.forward(Tensors.of(tensors), Pass.inference());
            Map<String, OnnxArray> received = session.run(given);
            if (batch == 2 && shorter == 0) {
                keepValues(given, expected);
            }
            assertThat(received).hasSize(expected.size());
            var values = received.values().iterator();
            for (Tensor wanted : expected.all()) {
                OnnxArray got = values.next();
                assertThat(got.shape()).isEqualTo(wanted.shape().toArray());
                float[] a = wanted.toFloats();
                float[] b = got.toFloats();
                for (int i = 0; i < a.length; i++) {
                    assertThat((double) b[i])
                            .as("value %d of a batch of %d", i, batch)
                            .isCloseTo(
                                    a[i], org.assertj.core.data.Offset.offset(TOLERANCE * Math.max(1, Math.abs(a[i]))));
                }
            }
        }
    }

    private OnnxArray array(DType type, Shape shape, Random random) {
        int elements = (int) shape.elements();
        if (type == DType.INT64) {
            return new OnnxArray(random.longs(elements, 0, ids).toArray(), shape.toArray());
        }
        if (type == DType.BOOL) {
            boolean[] real = new boolean[elements];
            int steps = (int) shape.size(1);
            for (int i = 0; i < elements; i++) {
                // Real steps in front, behind, everywhere, and nowhere.
                int row = i / steps;
                int step = i % steps;
                real[i] = row % 4 == 0 || (row % 4 == 1 ? step < (steps + 1) / 2 : row % 4 == 2 && step >= steps / 2);
            }
            return new OnnxArray(real, shape.toArray());
        }
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new OnnxArray(values, shape.toArray());
    }

    private static Tensor tensor(OnnxArray array, Shape shape) {
        if (array.values() instanceof long[] ids) {
            return Tensor.of(ids, shape);
        }
        if (array.values() instanceof boolean[] real) {
            long[] numbers = new long[real.length];
            for (int i = 0; i < real.length; i++) {
                numbers[i] = real[i] ? 1 : 0;
            }
            return Tensor.of(numbers, shape).to(DType.BOOL);
        }
        return Tensor.of((float[]) array.values(), shape);
    }
}

package dev.jumbo.onnx.run;

import dev.jumbo.data.Field;
import dev.jumbo.data.InputParts;
import dev.jumbo.data.Meaning;
import dev.jumbo.data.NoPreprocessing;
import dev.jumbo.data.Normalization;
import dev.jumbo.data.Preprocessing;
import dev.jumbo.data.table.encode.CategoryFeature;
import dev.jumbo.data.table.encode.NumberFeature;
import dev.jumbo.data.table.encode.TableEncoding;
import dev.jumbo.nn.Layer;
import dev.jumbo.nn.Masks;
import dev.jumbo.nn.Parts;
import dev.jumbo.nn.layers.basic.Embedding;
import dev.jumbo.onnx.export.OnnxExport;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import dev.jumbo.train.checkpoint.ModelFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Rows of a model's inputs made from a seed: as its file of ONNX takes them, and prepared as its network does, by the code of training. */
final class SeededRows {
    /** Steps of a sequence that are enough to differ. */
    private static final int STEPS = 12;

    /** Share of cells of a table that are missing, and of its categories that are unknown. */
    private static final double MISSING = 0.1;

    private final ModelFile file;
    private final boolean raw;
    private final long ids;

    SeededRows(ModelFile file, boolean raw) {
        this.file = file;
        this.raw = raw;
        long least = Long.MAX_VALUE;
        List<Layer.Part> parts = new ArrayList<>(Parts.all(file.model(), file.specs()));
        parts.add(new Layer.Part("", file.model(), file.specs()));
        for (Layer.Part part : parts) {
            if (part.layer() instanceof Embedding embedding) {
                least = Math.min(least, embedding.inputDim());
            }
        }
        this.ids = least == Long.MAX_VALUE ? 2 : least;
    }

    /**
     * The same rows twice.
     *
     * @param given by the names of the file
     * @param prepared by the names of the network, in the caller's scope
     */
    record Made(Map<String, OnnxArray> given, Map<String, Tensor> prepared) {}

    Made of(int rows, long seed) {
        Random random = new Random(seed);
        Map<String, OnnxArray> given = new LinkedHashMap<>();
        Map<String, Tensor> prepared = new LinkedHashMap<>();
        Map<String, boolean[]> masks = new LinkedHashMap<>();
        List<Field> fields = raw ? OnnxExport.rawFields(file) : file.inputs();
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            Field network = file.inputs().get(i);
            Shape one = field.shape();
            boolean[] real = new boolean[0];
            if (field.isRagged()) {
                int steps = (int) Math.max(1, Math.min(one.size(0), STEPS) - random.nextInt(3));
                one = one.with(0, steps);
                real = real(rows, steps, random);
                String mask = masks.isEmpty() ? Masks.MASK : network.name() + "_" + Masks.MASK;
                masks.put(mask, real);
            }
            int each = (int) one.elements();
            long[] shape = one.prepend(rows).toArray();
            long[] wide = network.isRagged()
                    ? network.shape().with(0, one.size(0)).prepend(rows).toArray()
                    : network.shape().prepend(rows).toArray();
            if (field.dtype() == DType.INT64) {
                long known = field.meaning() instanceof Meaning.Tokens tokens && tokens.vocabulary() > 0
                        ? Math.min(tokens.vocabulary(), ids == 2 ? Long.MAX_VALUE : ids)
                        : ids;
                long[] values = random.longs((long) rows * each, 0, known).toArray();
                given.put(field.name(), new OnnxArray(values, shape));
                prepared.put(network.name(), Tensor.of(values, Shape.of(shape)));
                continue;
            }
            Preprocessing own = raw ? file.preprocessing().of(i) : null;
            Preprocessing how = own == null ? Preprocessing.none(each) : own;
            double[] values = values(how, field, rows * each, random);
            float[] ready = prepared(how, field, network, values, real);
            put(field, values, shape, given);
            InputParts.put(network, Tensor.of(ready, Shape.of(wide)), prepared);
        }
        masks.forEach((name, real) -> {
            long steps = real.length / rows;
            given.put(name, new OnnxArray(real, rows, steps));
            float[] numbers = new float[real.length];
            for (int i = 0; i < real.length; i++) {
                numbers[i] = real[i] ? 1 : 0;
            }
            prepared.put(name, Tensor.of(numbers, Shape.of(rows, steps)).to(DType.BOOL));
        });
        return new Made(given, prepared);
    }

    private static boolean[] real(int rows, int steps, Random random) {
        boolean[] real = new boolean[rows * steps];
        for (int row = 0; row < rows; row++) {
            int length = row == 0 ? steps : 1 + random.nextInt(steps);
            for (int step = 0; step < length; step++) {
                real[row * steps + step] = true;
            }
        }
        return real;
    }

    /** By the names of the file: of prepared inputs in several parts, each part for itself. */
    private void put(Field field, double[] values, long[] shape, Map<String, OnnxArray> given) {
        if (field.meaning() instanceof Meaning.Parts parts) {
            int rows = (int) shape[0];
            int width = (int) shape[1];
            int at = 0;
            for (Meaning.Parts.Part part : parts.inputs()) {
                float[] own = new float[rows * part.width()];
                for (int i = 0; i < own.length; i++) {
                    own[i] = (float) values[i / part.width() * width + at + i % part.width()];
                }
                given.put(part.name(), new OnnxArray(own, rows, part.width()));
                at += part.width();
            }
        } else if (field.dtype() == DType.FLOAT64) {
            given.put(field.name(), new OnnxArray(values, shape));
        } else {
            given.put(field.name(), new OnnxArray(narrow(values), shape));
        }
    }

    private static float[] narrow(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }

    /** Such as become about normal numbers, and for tables also what is missing or unknown. */
    private static double[] values(Preprocessing how, Field field, int count, Random random) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            double normal = random.nextGaussian();
            if (how instanceof TableEncoding table) {
                values[i] = cell(table, i % table.features().size(), normal, random);
            } else if (how instanceof Normalization scaled) {
                int channel = i % field.unit() / (field.unit() / scaled.scale().size());
                double origin = scaled.origin().isEmpty() ? 0 : scaled.origin().get(channel);
                values[i] =
                        (normal - scaled.shift().get(channel)) / scaled.scale().get(channel) + origin;
            } else {
                values[i] = normal;
            }
            values[i] = field.dtype() == DType.FLOAT64 ? values[i] : (float) values[i];
        }
        return values;
    }

    private static double cell(TableEncoding table, int column, double normal, Random random) {
        if (random.nextDouble() < MISSING) {
            return Double.NaN;
        }
        if (table.features().get(column) instanceof CategoryFeature category) {
            return random.nextInt(category.places().size() + 2) - 1;
        }
        NumberFeature number = (NumberFeature) table.features().get(column);
        double value = (normal - number.shift()) / number.scale() + number.origin();
        if (!number.edges().isEmpty()) {
            double first = number.edges().get(0);
            double last = number.edges().get(number.edges().size() - 1);
            value = first + (last - first) * (1.2 * random.nextDouble() - 0.1);
        }
        return number.log1p() ? Math.signum(value) * Math.expm1(Math.abs(value)) : value;
    }

    private static float[] prepared(Preprocessing how, Field field, Field network, double[] values, boolean[] real) {
        int unit = field.isRagged() ? field.unit() : field.elements();
        int width = network.isRagged() ? network.unit() : network.elements();
        int examples = values.length / unit;
        float[] ready = new float[examples * width];
        float[] narrow = narrow(values);
        for (int i = 0; i < examples; i++) {
            if (field.isRagged() && !real[i] && !(how instanceof NoPreprocessing)) {
                continue; // Padding is 0.
            }
            if (how instanceof NoPreprocessing) {
                System.arraycopy(narrow, i * unit, ready, i * width, unit);
            } else if (field.dtype() == DType.FLOAT64) {
                double[] own = Arrays.copyOfRange(values, i * unit, (i + 1) * unit);
                how.apply(own, 0, ready, i * width);
            } else {
                float[] own = Arrays.copyOfRange(narrow, i * unit, (i + 1) * unit);
                how.apply(own, 0, ready, i * width);
            }
        }
        return ready;
    }
}

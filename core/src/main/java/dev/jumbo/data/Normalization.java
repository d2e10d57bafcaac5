package dev.jumbo.data;

import dev.jumbo.config.Default;
import dev.jumbo.config.Doc;
import dev.jumbo.config.Kind;
import dev.jumbo.error.InputException;
import dev.jumbo.tensor.DType;
import dev.jumbo.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * An affine change of each channel: {@code y = scale * (x - origin) + shift}. A channel is one index of the first dimension: of
 * an image {@code [C, H, W]} a colour, of a feature vector {@code [F]} a feature. One scale and shift may serve all.
 *
 * <p>Fitted on the training split alone. NaN is left out of the fit and stays NaN. A channel that is constant is only
 * shifted (as in scikit-learn), never divided by 0. FLOAT64 values, and values that lie far from 0 against their spread
 * (times, for one), are scaled in double and rounded to float32 last.
 *
 * @param values how many an example has
 * @param scale one a channel, or one for all
 * @param shift as many as scales
 * @param origin as many as scales; empty: 0
 */
@Kind("normalization")
public record Normalization(
        @Doc("Values of one example.") int values,
        @Doc("Factor of each channel, or one for all.") List<Double> scale,
        @Doc("Added after the factor; as many as factors.") List<Double> shift,

        @Doc("Taken away before the factor, in double; as many as factors, or none.") @Default("[]")
        List<Double> origin)
        implements Preprocessing {
    /** A spread below this share of the mean is what summing constant values leaves behind. */
    private static final double ROUNDING = 1e-12;

    /** Above this ratio of origin to spread float32 arithmetic would lose more than 8 of its 24 bits. */
    private static final double FAR = 256;

    /** @throws InputException if there are not as many scales as shifts, or they do not divide the values evenly */
    public Normalization {
        scale = List.copyOf(scale);
        shift = List.copyOf(shift);
        origin = List.copyOf(origin);
        if (!origin.isEmpty() && origin.size() != scale.size()) {
            throw new InputException(
                    "expected as many origins as scales, or none; received " + origin.size() + " and " + scale.size());
        }
        if (scale.isEmpty() || scale.size() != shift.size() || values % scale.size() != 0) {
            throw new InputException("expected as many scales as shifts, dividing the " + values
                    + " values of an example evenly; received " + scale.size() + " scales and " + shift.size()
                    + " shifts");
        }
    }

    /** {@code y = scale * x + shift}. */
    public Normalization(int values, List<Double> scale, List<Double> shift) {
        this(values, scale, shift, List.of());
    }

    /** {@code y = x / 255}, of the first input: bytes to [0, 1]. Nothing is fitted. {@link Normalizer#fit} is of each input. */
    public static Normalization rescale(Dataset train) {
        return rescale(train, 0);
    }

    /** As {@link #rescale(Dataset)}. @param input position of the one that is scaled */
    public static Normalization rescale(Dataset train, int input) {
        return new Normalization(input(train, input).unit(), List.of(1 / 255.0), List.of(0.0));
    }

    /** {@code y = (x - min) / (max - min)}, of the first input: to [0, 1], over all values of images, over each feature of vectors. */
    public static Normalization minMax(Dataset train) {
        return minMax(train, 0);
    }

    /** As {@link #minMax(Dataset)}. @param input position of the one that is scaled */
    public static Normalization minMax(Dataset train, int input) {
        return of(train, input, moments(train, input, perFeature(shape(train, input))), true);
    }

    /** {@code y = (x - mean) / deviation}, of the first input: over all values of images, over each feature of vectors. */
    public static Normalization zScore(Dataset train) {
        return zScore(train, 0);
    }

    /** As {@link #zScore(Dataset)}. @param input position of the one that is scaled */
    public static Normalization zScore(Dataset train, int input) {
        return of(train, input, moments(train, input, perFeature(shape(train, input))), false);
    }

    /** {@code y = (x - mean) / deviation}, of the first input, with a mean and a deviation for each index of the first dimension. */
    public static Normalization perChannel(Dataset train) {
        return perChannel(train, 0);
    }

    /** As {@link #perChannel(Dataset)}. @param input position of the one that is scaled */
    public static Normalization perChannel(Dataset train, int input) {
        Shape shape = shape(train, input);
        int channels = shape.rank() == 0 ? 1 : Math.toIntExact(shape.size(0));
        return of(train, input, moments(train, input, channels), false);
    }

    @Override
    public List<Field> outputs(List<Field> raw) {
        int received = raw.get(0).unit();
        if (received != values) {
            throw new InputException("expected " + values + " values in an example, as the normalization was fitted"
                    + " on; received " + received + " in " + raw.get(0).name() + " "
                    + raw.get(0).shape());
        }
        return raw.stream().map(Field::narrow).toList();
    }

    @Override
    public void apply(float[] raw, int rawOffset, float[] out, int outOffset) {
        int channels = scale.size();
        int length = values / channels;
        if (!origin.isEmpty()) {
            for (int i = 0; i < values; i++) {
                out[outOffset + i] = scaled(raw[rawOffset + i], i / length);
            }
            return;
        }
        for (int c = 0; c < channels; c++) {
            float a = scale.get(c).floatValue();
            float b = shift.get(c).floatValue();
            int from = rawOffset + c * length;
            int to = outOffset + c * length;
            for (int i = 0; i < length; i++) {
                out[to + i] = a * raw[from + i] + b;
            }
        }
    }

    @Override
    public void apply(double[] raw, int rawOffset, float[] out, int outOffset) {
        int length = values / scale.size();
        for (int i = 0; i < values; i++) {
            out[outOffset + i] = scaled(raw[rawOffset + i], i / length);
        }
    }

    private float scaled(double x, int channel) {
        double from = origin.isEmpty() ? x : x - origin.get(channel);
        return (float) (scale.get(channel) * from + shift.get(channel));
    }

    private static Field input(Dataset train, int input) {
        Field field = train.inputs().get(input);
        if (field.dtype() == DType.INT64 || field.elements() == 0) {
            throw new InputException("expected FLOAT32 or FLOAT64 values to normalise, received " + field.dtype() + " "
                    + field.shape() + " in the input " + field.name() + "; leave normalization out for ids");
        }
        return field;
    }

    /** Of what is scaled at a time: an example, or a step of a ragged one. */
    private static Shape shape(Dataset train, int input) {
        Field field = input(train, input);
        return field.isRagged() ? field.shape().without(0) : field.shape();
    }

    private static int perFeature(Shape shape) {
        return shape.rank() == 1 ? Math.toIntExact(shape.size(0)) : 1;
    }

    private static Moments[] moments(Dataset train, int input, int channels) {
        if (train.size() == 0) {
            throw new InputException("expected examples to fit a normalization on, received an empty training split");
        }
        Moments[] moments = new Moments[channels];
        Arrays.setAll(moments, c -> new Moments());
        Field field = train.inputs().get(input);
        int length = field.unit() / channels;
        Row row = Row.single(train);
        for (int i = 0; i < train.size(); i++) {
            train.read(i, row);
            int units = field.isRagged() ? train.length(i, input) : 1;
            for (int c = 0; c < units * channels; c++) {
                if (row.doubles(input).length > 0) {
                    moments[c % channels].add(row.doubles(input), c * length, (c + 1) * length);
                } else {
                    moments[c % channels].add(row.floats(input), c * length, (c + 1) * length);
                }
            }
        }
        return moments;
    }

    private static Normalization of(Dataset train, int input, Moments[] moments, boolean minMax) {
        List<Double> scale = new ArrayList<>();
        List<Double> shift = new ArrayList<>();
        List<Double> origins = new ArrayList<>();
        boolean doubles = train.inputs().get(input).dtype() == DType.FLOAT64;
        boolean exact = doubles;
        for (Moments m : moments) {
            double origin = m.count() == 0 ? 0 : minMax ? m.min() : m.mean();
            double spread = m.count() == 0 ? 0 : minMax ? m.max() - m.min() : m.deviation();
            double factor = spread > (doubles ? 0 : ROUNDING * Math.abs(origin)) ? 1 / spread : 1;
            scale.add(factor);
            shift.add(-origin * factor);
            origins.add(origin);
            exact |= spread > 0 && Math.abs(origin) > FAR * spread;
        }
        int values = train.inputs().get(input).unit();
        return exact
                ? new Normalization(values, scale, Collections.nCopies(scale.size(), 0.0), origins)
                : new Normalization(values, scale, shift);
    }
}

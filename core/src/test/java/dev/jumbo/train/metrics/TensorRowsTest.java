package dev.jumbo.train.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jumbo.tensor.Scope;
import dev.jumbo.tensor.Shape;
import dev.jumbo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What metrics add up on the device, against what they add up row by row in plain arrays. */
class TensorRowsTest {
    private static final int ROWS = 200;

    private static final List<Metric> OF_CLASSES = List.of(
            Metrics.accuracy(),
            Metrics.topK(2),
            Metrics.precision(Average.MACRO),
            Metrics.recall(Average.WEIGHTED),
            Metrics.f1(Average.MICRO),
            Metrics.logLoss(),
            Metrics.perplexity(),
            Metrics.brierScore(),
            Metrics.expectedCalibrationError());

    private static final List<Metric> OF_NUMBERS = List.of(
            Metrics.meanAbsoluteError(), Metrics.meanSquaredError(), Metrics.rmse(), Metrics.mape(), Metrics.r2());

    private record Case(String name, Metric metric, List<Predictions> batches) {
        @Override
        public String toString() {
            return metric.name() + " of " + name;
        }
    }

    static Stream<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (Metric metric : OF_CLASSES) {
            cases.add(new Case("classes", metric, List.of(classes(1, 5, false), classes(2, 5, false))));
            cases.add(new Case("classes with NaN", metric, List.of(classes(1, 5, false), classes(2, 5, true))));
            cases.add(new Case("two classes", metric, List.of(classes(3, 2, false))));
            cases.add(new Case("one output", metric, List.of(classes(4, 1, false), classes(5, 1, false))));
            cases.add(new Case("shares of classes", metric, List.of(shares(6, 4), shares(7, 4))));
        }
        for (Metric metric : OF_NUMBERS) {
            cases.add(new Case("numbers", metric, List.of(numbers(8, 1), numbers(9, 1), numbers(10, 1))));
            cases.add(new Case("several numbers", metric, List.of(numbers(11, 3), numbers(12, 3))));
        }
        return cases.stream();
    }

    private static float[] probabilities(Random random, int width) {
        float[] row = new float[width];
        float sum = 0;
        for (int i = 0; i < width; i++) {
            row[i] = (float) Math.exp(2 * random.nextGaussian());
            sum += row[i];
        }
        for (int i = 0; i < width; i++) {
            row[i] = width == 1 ? random.nextFloat() : row[i] / sum;
        }
        return row;
    }

    private static Predictions classes(long seed, int width, boolean undefined) {
        Random random = new Random(seed);
        float[] outputs = new float[ROWS * width];
        long[] ids = new long[ROWS];
        for (int row = 0; row < ROWS; row++) {
            System.arraycopy(probabilities(random, width), 0, outputs, row * width, width);
            ids[row] = random.nextInt(10) == 0 ? -100 : random.nextInt(Math.max(2, width));
        }
        if (undefined) {
            outputs[17 * width + 1] = Float.NaN;
        }
        return Predictions.ofClasses(outputs, ids);
    }

    private static Predictions shares(long seed, int width) {
        Random random = new Random(seed);
        float[] outputs = new float[ROWS * width];
        float[] right = new float[ROWS * width];
        for (int row = 0; row < ROWS; row++) {
            System.arraycopy(probabilities(random, width), 0, outputs, row * width, width);
            System.arraycopy(probabilities(random, width), 0, right, row * width, width);
        }
        return Predictions.ofValues(outputs, right, width);
    }

    private static Predictions numbers(long seed, int width) {
        Random random = new Random(seed);
        float[] outputs = new float[ROWS * width];
        float[] right = new float[ROWS * width];
        for (int i = 0; i < outputs.length; i++) {
            right[i] = (float) (3 + random.nextGaussian());
            outputs[i] = right[i] + (float) random.nextGaussian();
        }
        return Predictions.ofValues(outputs, right, width);
    }

    private static TensorRows rows(Predictions of) {
        Tensor outputs = Tensor.of(of.outputs(), Shape.of(of.rows(), of.width()));
        return of.hasClassIds()
                ? TensorRows.ofClasses(outputs, Tensor.of(of.classIds(), Shape.of(of.rows())))
                : TensorRows.ofValues(outputs, Tensor.of(of.values(), Shape.of(of.rows(), of.width())));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sums_on_the_device_give_the_figure_of_plain_arrays(Case of) {
        Metric.Accumulator plain = of.metric().start();
        Metric.Accumulator device = of.metric().start();
        try (Scope scope = Scope.open()) {
            Tensor sums = null;
            for (Predictions batch : of.batches()) {
                plain.add(batch);
                Tensor added = of.metric().sums(rows(batch));
                if (added == null) {
                    device.add(rows(batch).toPredictions());
                } else {
                    sums = sums == null ? added : of.metric().join(sums, added);
                }
            }
            if (sums != null) {
                device.merge(sums.toDoubles());
            }
        }
        if (Double.isNaN(plain.value())) {
            assertThat(device.value()).isNaN();
        } else {
            assertThat(device.value()).isCloseTo(plain.value(), Offset.offset(1e-12 * Math.max(1, plain.value())));
        }
    }

    @Test
    void counts_are_the_same_numbers() {
        Predictions batch = classes(1, 5, true);
        for (Metric metric : List.of(Metrics.accuracy(), Metrics.f1(Average.MACRO))) {
            Metric.Accumulator plain = metric.start();
            plain.add(batch);
            try (Scope scope = Scope.open()) {
                assertThat(Objects.requireNonNull(metric.sums(rows(batch))).toDoubles())
                        .isEqualTo(plain.state());
            }
        }
    }

    @Test
    void rows_copied_back_are_what_they_were() {
        try (Scope scope = Scope.open()) {
            Predictions classes = classes(1, 5, false);
            Predictions copied = rows(classes).toPredictions();
            assertThat(copied.outputs()).isEqualTo(classes.outputs());
            assertThat(copied.classIds()).isEqualTo(classes.classIds());
            assertThat(rows(numbers(2, 3)).toPredictions().values())
                    .isEqualTo(numbers(2, 3).values());
        }
    }
}

package dev.jumbo.serve.repository.load;

import dev.jumbo.data.Field;
import dev.jumbo.error.FailureException;
import dev.jumbo.error.InputException;
import dev.jumbo.serve.model.ServedModel;
import dev.jumbo.tensor.DType;
import dev.jumbo.train.Predictor;
import dev.jumbo.train.checkpoint.GoldenRows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a version must do before anybody is answered by it: answer, with finite numbers, the same to the same, in time. The calls also warm
 * it up: they make what is made at the first call, and the compiler of Java sees them.
 */
public final class Trial {
    private static final int MOST_CALLS = 50;
    private static final long WARM_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int BATCH = 8;

    /** Of the heap, what answers of a trial may take: requests to others are answered meanwhile. */
    private static final int SHARE_OF_HEAP = 4;

    /** A value, and a copy of it. */
    private static final int BYTES_PER_VALUE = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Trial.class);

    private final Predictor predictor;
    private final double answerSeconds;

    private Trial(Predictor predictor, double answerSeconds) {
        this.predictor = predictor;
        this.answerSeconds = answerSeconds;
    }

    /**
     * @param recorded rows that the version has to answer
     * @param directory of the version, with {@code golden.json} where answers were recorded
     * @param answerSeconds that one answer may take in the end
     * @throws FailureException if the version must not answer, saying why
     */
    public static void require(ServedModel model, GoldenRows recorded, Path directory, double answerSeconds) {
        Trial trial = new Trial(model.predictor(), answerSeconds);
        GoldenFile golden = GoldenFile.in(directory).orElse(null);
        if (golden != null) {
            golden.requireAgreement(model);
        }
        int batch = trial.batch();
        trial.requireFinite(recorded);
        try {
            trial.run(batch);
        } catch (InputException e) {
            // What is made up here may be nothing that the model takes, as ids that must fit each other.
            LOG.warn(
                    "model {} version {}: it takes no input that can be made up ({}); {}",
                    model.name(),
                    model.version(),
                    e.getMessage(),
                    golden == null ? "it is not tried: record answers in " + GoldenFile.NAME : "recorded ones agree");
        }
        if (golden != null) {
            trial.requireInTime(golden.requireAgreement(model));
        }
    }

    private void requireFinite(GoldenRows recorded) {
        for (List<Object> row : recorded.rows()) {
            if (!isFinite(predictor.predict(row, 1))) {
                throw new FailureException("its answer to a row of its own training data is not finite: training has"
                        + " diverged, or weights are damaged");
            }
        }
    }

    /** How many rows are asked at once. @throws FailureException if the heap does not hold one answer */
    private int batch() {
        long values = 0;
        for (Field output : predictor.outputs()) {
            values += output.shape().elements();
        }
        long most = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / BYTES_PER_VALUE;
        if (values > most) {
            throw new FailureException("one answer has " + values + " values, more than " + most
                    + ", which the Java heap of this server has room for; give it more, as in JUMBO_JAVA_OPTS=-Xmx8g");
        }
        return (int) Math.max(1, Math.min(BATCH, most / Math.max(1, values)));
    }

    private void run(int batch) {
        List<?> zeros = inputs(1, true);
        List<?> some = inputs(1, false);
        boolean finite = isFinite(answer(zeros)) | isFinite(answer(some));
        if (!finite) {
            throw new FailureException(
                    "its answers are not finite numbers: training has diverged, or weights are damaged");
        }
        warm(some);
        predictor.predict(inputs(batch, false), batch);
        long start = System.nanoTime();
        requireWidth(answer(some));
        requireInTime(System.nanoTime() - start);
    }

    private void requireInTime(long nanos) {
        double seconds = nanos / 1e9;
        if (seconds > answerSeconds) {
            throw new FailureException(String.format(
                    Locale.ROOT,
                    "one answer took %.3f s; serve.repository.answer_seconds allows %.3f s",
                    seconds,
                    answerSeconds));
        }
    }

    private void warm(List<?> inputs) {
        long end = System.nanoTime() + WARM_NANOS;
        for (int call = 0; call < MOST_CALLS && System.nanoTime() < end; call++) {
            answer(inputs);
        }
    }

    private List<float[]> answer(List<?> inputs) {
        return predictor.predict(inputs, 1);
    }

    private void requireWidth(List<float[]> answer) {
        if (answer.size() != predictor.outputs().size()) {
            throw new FailureException("it has " + answer.size() + " outputs, and names "
                    + predictor.outputs().size());
        }
    }

    private static boolean isFinite(List<float[]> answer) {
        for (float[] output : answer) {
            for (float value : output) {
                if (!Float.isFinite(value)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Prepared inputs: zeros, or numbers from 0 to 1 that are the same each time. */
    private List<?> inputs(int rows, boolean zeros) {
        SplittableRandom random = new SplittableRandom(1);
        List<Object> inputs = new ArrayList<>();
        for (Field field : predictor.inputs()) {
            if (field.isBytes()) {
                throw new InputException("texts or files");
            }
            int each = field.isRagged() ? field.unit() : field.elements();
            if (field.dtype() == DType.INT64) {
                // Id 0 is in every vocabulary.
                inputs.add(field.isRagged() ? (Object) new long[rows][each] : new long[rows * each]);
            } else if (field.isRagged()) {
                float[][] values = new float[rows][];
                Arrays.setAll(values, row -> numbers(each, zeros, random));
                inputs.add(values);
            } else {
                inputs.add(numbers(rows * each, zeros, random));
            }
        }
        return inputs;
    }

    private static float[] numbers(int count, boolean zeros, SplittableRandom random) {
        float[] values = new float[count];
        for (int i = 0; i < count && !zeros; i++) {
            values[i] = (float) random.nextDouble();
        }
        return values;
    }
}
